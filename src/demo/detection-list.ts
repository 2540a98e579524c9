import type {KwsListener} from '../elements.ts';
import type {KeywordDetection} from '../index.ts';
import {find} from './find.ts';
import {formatScore, formatTime} from './format.ts';

/** Detections that are listed; older ones go. */
const SHOWN = 5;

/** Lists the newest detections, each with its score and time; a new listening run starts a new list. */
export function connectDetectionList(listener: KwsListener): void {
  const list = find('#detections', HTMLOListElement);
  const nothingHeard = find('#nothing-heard', HTMLElement);
  listener.addEventListener('kws-detect', (detection) => {
    nothingHeard.hidden = true;
    list.prepend(createItem(detection));
    if (list.children.length > SHOWN) list.lastElementChild?.remove();
  });
  listener.addEventListener('kws-state', ({state}) => {
    if (state.name !== 'starting') return;
    list.replaceChildren();
    nothingHeard.hidden = false;
  });
}

function createItem({keyword, score, startTime}: KeywordDetection): HTMLLIElement {
  const item = document.createElement('li');
  item.append(
    createPart('word', keyword),
    createPart('score', formatScore(score)),
    createPart('time', formatTime(startTime)),
  );
  return item;
}

function createPart(className: string, text: string): HTMLSpanElement {
  const part = document.createElement('span');
  part.className = className;
  part.textContent = text;
  return part;
}
