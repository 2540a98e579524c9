import type {LiveTranscript} from '../../elements.ts';
import {find} from '../find.ts';

/** What the page may ask of the choice of a language model. */
export interface LanguageModelControls {
  /** Uses a file of the visitor's; whether it is a language model shows when the transcriber is loaded. */
  useFile(file: File): void;
}

/** Ties the menu and the file button to the element: the built-in model, none, or a file of the visitor's. */
export function connectLanguageModel(element: LiveTranscript): LanguageModelControls {
  const select = find('#language-model', HTMLSelectElement);
  const input = find('#language-model-file', HTMLInputElement);
  const own = new Option('', 'own'); // in the menu once there is a file
  let ownFile: File | undefined;
  const apply = (): void => {
    const {value} = select;
    if (value === 'built-in' || value === 'none') element.languageModel = value;
    else element.languageModel = ownFile;
  };
  const useFile = (file: File): void => {
    ownFile = file;
    own.text = file.name;
    select.append(own);
    select.value = own.value;
    apply();
  };
  select.addEventListener('change', apply);
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) useFile(file);
  });
  apply();
  return {useFile};
}
