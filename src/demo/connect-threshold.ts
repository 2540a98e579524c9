import type {KwsListener} from '../elements.ts';
import {keywordSystems} from '../index.ts';
import {find} from './find.ts';
import {formatScore} from './format.ts';

/**
 * Ties the slider to the listener's threshold. Until the visitor moves it, it shows the system's own.
 * @param onChange told of each threshold in force.
 * @returns shows the system's own again, where the visitor left it alone.
 */
export function connectThreshold(listener: KwsListener, onChange: (threshold: number) => void): () => void {
  const slider = find('#threshold', HTMLInputElement);
  const output = find('#threshold-value', HTMLOutputElement);
  const show = (threshold: number): void => {
    slider.value = String(threshold);
    output.value = formatScore(threshold);
    onChange(threshold);
  };
  const showOwn = (): void => {
    if (listener.threshold === undefined) show(defaultThreshold(listener));
  };
  slider.addEventListener('input', () => {
    listener.threshold = slider.valueAsNumber;
    show(slider.valueAsNumber);
  });
  listener.addEventListener('kws-state', showOwn);
  showOwn();
  return showOwn;
}

function defaultThreshold({info, model}: KwsListener): number {
  if (info?.systemId === model) return info.defaultThreshold;
  return keywordSystems.find(({id}) => id === model)?.defaults.threshold ?? 0.8;
}
