import {PROTOCOL_VERSION} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';

/**
 * Refuses a page that speaks another version of the protocol. Worker.
 * @throws SpeechError with got and expected.
 */
export function checkVersion({protocolVersion}: {readonly protocolVersion: number}): void {
  if (protocolVersion === PROTOCOL_VERSION) return;
  throw new SpeechError(
    'internal',
    `got protocol version ${String(protocolVersion)}, expected ${String(PROTOCOL_VERSION)}: the page and the worker come from different versions`,
  );
}
