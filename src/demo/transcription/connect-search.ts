import type {LiveTranscript} from '../../elements.ts';
import {find} from '../find.ts';
import {formatScore} from '../format.ts';

/**
 * Ties the controls of the search to the element. They begin with the element's own defaults, which stay in force until
 * one is moved; each takes effect when the visitor lets go of it, since that makes a new transcriber.
 */
export function connectSearch(element: LiveTranscript): void {
  connectSlider('language-model-weight', (value) => {
    element.languageModelWeight = value;
  });
  connectSlider('word-bonus', (value) => {
    element.wordBonus = value;
  });
  const beamWidth = find('#beam-width', HTMLSelectElement);
  beamWidth.addEventListener('change', () => {
    element.beamWidth = Number(beamWidth.value);
  });
  const hotWords = find('#hot-words', HTMLInputElement);
  hotWords.addEventListener('change', () => {
    element.hotWords = hotWords.value;
  });
  // by the Enter key the form would be sent, and the page left
  find('#transcription-settings', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
  });
}

function connectSlider(id: string, onChange: (value: number) => void): void {
  const slider = find(`#${id}`, HTMLInputElement);
  const output = find(`#${id}-value`, HTMLOutputElement);
  const show = (): void => {
    output.value = formatScore(slider.valueAsNumber);
  };
  slider.addEventListener('input', show);
  slider.addEventListener('change', () => {
    onChange(slider.valueAsNumber);
  });
  show();
}
