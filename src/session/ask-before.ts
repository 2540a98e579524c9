import {untilAborted} from '../capture/until-aborted.ts';
import type {EngineHost} from '../host/engine-host.ts';
import type {DownloadQuestion} from '../protocol/download-question.ts';
import type {QuestionRequest} from '../protocol/model-messages.ts';
import {SpeechError} from '../protocol/speech-error.ts';

/** Who asks the worker, and who answers. */
export interface AskContext {
  readonly host: EngineHost;
  readonly onAsk: ((question: DownloadQuestion) => boolean | Promise<boolean>) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks before models are downloaded, where something is to be asked. Page thread.
 * @throws AbortError where the answer is no; SpeechError `aborted` where nobody can be asked; the signal's reason where it
 * aborts.
 */
export async function askBefore(request: QuestionRequest, {host, onAsk, signal}: AskContext): Promise<void> {
  const question = await host.request('question-before', request, signal);
  if (!question) return;
  if (!onAsk) throw new SpeechError('aborted', `${describe(question)}, expected onAsk to allow it`);
  if (await untilAborted(Promise.resolve(onAsk(question)), signal)) return;
  throw new DOMException(`${describe(question)}, which was declined`, 'AbortError');
}

function describe({files, totalBytes}: DownloadQuestion): string {
  const names = files.map(({name}) => name).join(', ');
  return `got ${(totalBytes / 1e6).toFixed(1)} MB to download (${names})`;
}
