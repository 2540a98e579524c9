import type {LiveTranscript} from '../../elements.ts';
import {find} from '../find.ts';
import {formatMegabytes} from '../format.ts';

/** What is being done while a model is made ready, by the phases of which bytes are counted. */
const DOINGS: Readonly<Record<string, string>> = {
  download: 'Fetching the model',
  verify: 'Checking the file',
  import: 'Importing the checkpoint',
};

/** Shows how far a model is fetched, checked or imported, in bytes of bytes, with a button that calls it off. */
export function connectLoading(element: LiveTranscript): void {
  const box = find('#loading', HTMLElement);
  const label = find('#loading-label', HTMLElement);
  const bytes = find('#loading-bytes', HTMLElement);
  const progress = find('#loading-progress', HTMLProgressElement);
  const cancel = find('#loading-cancel', HTMLButtonElement);
  const show = (doing: string, loaded: number, total: number): void => {
    label.textContent = doing;
    bytes.textContent = total > 0 ? `${formatMegabytes(loaded)} of ${formatMegabytes(total)}` : '';
    if (total > 0) progress.value = loaded / total;
    else progress.removeAttribute('value');
  };
  element.addEventListener('transcript-state', ({state}) => {
    const isLoading = state.name === 'loading';
    if (isLoading && box.hidden) show('Loading the model', 0, 0);
    const isFocusLost = !isLoading && document.activeElement === cancel;
    box.hidden = !isLoading;
    if (isFocusLost) find('#transcriber-file', HTMLInputElement).focus();
  });
  element.addEventListener('transcript-progress', ({phase, loaded, total}) => {
    if (phase !== 'transcribe') show(DOINGS[phase] ?? 'Starting the engine', loaded, total);
  });
  cancel.addEventListener('click', () => {
    void element.stop();
  });
}
