import type {LiveTranscript} from '../../elements.ts';
import {find} from '../find.ts';

/** What the page may ask of the reading of recordings. */
export interface RecordingControls {
  /** Writes down a recording, in place of whatever is under way; the page tells how it went. */
  transcribe(file: File): Promise<void>;
}

/** Ties the file button to the element, and tells which recording is read, how far, and what came of it. */
export function connectRecording(element: LiveTranscript): RecordingControls {
  const input = find('#recording', HTMLInputElement);
  const status = find('#recording-status', HTMLElement);
  let newest: File | undefined; // what came of an older one is of no interest any more
  const transcribe = async (file: File): Promise<void> => {
    newest = file;
    status.textContent = `Reading ${file.name}…`;
    await element.stop();
    const outcome = await outcomeOf(element, file);
    if (newest === file) status.textContent = outcome;
  };
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    input.value = ''; // so that the same file can be chosen again
    if (file) void transcribe(file);
  });
  return {transcribe};
}

async function outcomeOf(element: LiveTranscript, file: File): Promise<string> {
  const startedMs = performance.now();
  try {
    const {length} = await element.transcribe(file);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    if (length === 0) return `${file.name}: no speech was found in it.`;
    return `${file.name}: ${String(length)} ${length === 1 ? 'utterance' : 'utterances'} in ${seconds} s.`;
  } catch (error) {
    const {name} = error as Error;
    if (name === 'AbortError') return `${file.name} was not read to its end.`;
    if (name !== 'SpeechError') reportError(error); // what went wrong is told by the element otherwise
    return `${file.name} could not be read.`;
  }
}
