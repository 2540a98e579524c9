import type {KwsListener} from '../elements.ts';
import {find} from './find.ts';

/** Ties the two menus to the listener; an empty value stands for the system's default. */
export function connectEngine(listener: KwsListener): void {
  const engine = find('#engine', HTMLSelectElement);
  const numerics = find('#numerics', HTMLSelectElement);
  engine.addEventListener('change', () => {
    listener.engine = (engine.value || undefined) as KwsListener['engine'];
  });
  numerics.addEventListener('change', () => {
    listener.numerics = (numerics.value || undefined) as KwsListener['numerics'];
  });
}
