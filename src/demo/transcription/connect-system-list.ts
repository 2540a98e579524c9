import type {LiveTranscript} from '../../elements.ts';
import {transcriptionSystems, type SystemCard} from '../../index.ts';
import {find} from '../find.ts';

/**
 * Lists the transcribers with what is known of how well they hear, and marks the one that was chosen; what that is bad
 * at is said beside the transcript too.
 * @returns shows it again, after a choice.
 */
export function connectSystemList(element: LiveTranscript): () => void {
  const list = find('#transcribers', HTMLUListElement);
  const note = find('#transcriber-note', HTMLElement);
  const items = new Map(transcriptionSystems.map((card) => [card.id, createItem(card)]));
  list.replaceChildren(...items.values());
  const show = (): void => {
    for (const [id, item] of items) {
      if (id === element.model) item.setAttribute('aria-current', 'true');
      else item.removeAttribute('aria-current');
    }
    const chosen = transcriptionSystems.find(({id}) => id === element.model);
    note.textContent =
      chosen?.limitations === undefined ? '' : `${chosen.title} is bad at: ${chosen.limitations}.`;
  };
  show();
  return show;
}

function createItem({title, weights, publishedFigure, limitations}: SystemCard): HTMLLIElement {
  const item = document.createElement('li');
  const name = document.createElement('strong');
  name.textContent = title;
  item.append(name, weights.builtInPath === undefined ? ', from its file: ' : ', built in.');
  if (weights.builtInPath === undefined) item.append(createLink(weights.name, weights.homePage));
  if (publishedFigure !== undefined) item.append(createLine('How well it hears', publishedFigure));
  if (limitations !== undefined) item.append(createLine('What it is bad at', limitations));
  return item;
}

function createLine(what: string, text: string): HTMLElement {
  return Object.assign(document.createElement('p'), {textContent: `${what}: ${text}`});
}

function createLink(text: string, address: string | undefined): HTMLElement {
  if (address === undefined) return Object.assign(document.createElement('code'), {textContent: text});
  return Object.assign(document.createElement('a'), {textContent: text, href: address});
}
