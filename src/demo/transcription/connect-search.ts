import type {LiveTranscript} from '../../elements.ts';
import {transcriptionSystems} from '../../index.ts';
import {find} from '../find.ts';
import {formatScore} from '../format.ts';

/** What the search does where a system's card says nothing else. */
const DEFAULTS = {beamWidth: 16, languageModelWeight: 0.5, wordBonus: 1.5};

/**
 * Ties the controls of the search to the element. They show the system's own defaults, which stay in force until one is
 * moved; each takes effect when the visitor lets go of it, since that makes a new transcriber.
 * @returns what shows the defaults of the element's system where nothing was moved.
 */
export function connectSearch(element: LiveTranscript): () => void {
  const showWeight = connectSlider('language-model-weight', (value) => {
    element.languageModelWeight = value;
  });
  const showBonus = connectSlider('word-bonus', (value) => {
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
  const show = (): void => {
    const card = transcriptionSystems.find(({id}) => id === element.model);
    const defaults = card?.defaults.search ?? DEFAULTS;
    showWeight(element.languageModelWeight ?? defaults.languageModelWeight);
    showBonus(element.wordBonus ?? defaults.wordBonus);
    showOption(beamWidth, String(element.beamWidth ?? defaults.beamWidth));
  };
  show();
  return show;
}

/** Selects a value, which a card may have chosen between those of the menu. */
function showOption(select: HTMLSelectElement, value: string): void {
  if (!Array.from(select.options).some((option) => option.value === value)) select.append(new Option(value));
  select.value = value;
}

/** Ties a slider to what shows its value; gives what moves it without a change. */
function connectSlider(id: string, onChange: (value: number) => void): (value: number) => void {
  const slider = find(`#${id}`, HTMLInputElement);
  const output = find(`#${id}-value`, HTMLOutputElement);
  const show = (): void => {
    output.value = formatScore(slider.valueAsNumber);
  };
  slider.addEventListener('input', show);
  slider.addEventListener('change', () => {
    onChange(slider.valueAsNumber);
  });
  return (value) => {
    slider.value = String(value);
    show();
  };
}
