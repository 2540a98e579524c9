import type {LiveTranscript} from '../../elements.ts';
import {transcriptionSystems} from '../../index.ts';
import {createButton, createText} from '../create-text.ts';
import {find} from '../find.ts';
import {formatMegabytes} from '../format.ts';
import {showTerms} from '../terms.ts';
import {costTerms, type TranscriberCard} from './cost-terms.ts';
import {findSiteModel} from './site-model.ts';
import {createSpeedButton, UNMEASURED} from './speed-button.ts';

/**
 * Lists the transcribers with what each costs and how well it hears, and marks the one that was chosen; what that is bad
 * at is said beside the transcript too.
 */
export class SystemList {
  readonly #element: LiveTranscript;
  readonly #note = find('#transcriber-note', HTMLElement);
  readonly #items = new Map<string, HTMLLIElement>();

  /** @param onUse told which transcriber is to run without a file of the visitor's. */
  constructor(element: LiveTranscript, onUse: (systemId: string) => void) {
    this.#element = element;
    for (const card of transcriptionSystems) this.#items.set(card.id, createItem(card, element, onUse));
    find('#transcribers', HTMLUListElement).replaceChildren(...this.#items.values());
    this.show();
  }

  /** Shows it again, after a choice. */
  show(): void {
    const {model} = this.#element;
    for (const [id, item] of this.#items) {
      if (id === model) item.setAttribute('aria-current', 'true');
      else item.removeAttribute('aria-current');
    }
    const {title = '', limitations} = transcriptionSystems.find(({id}) => id === model) ?? {};
    this.#note.textContent = limitations === undefined ? '' : `${title} is bad at: ${limitations}.`;
  }
}

function createItem(
  card: TranscriberCard,
  element: LiveTranscript,
  onUse: (systemId: string) => void,
): HTMLLIElement {
  const {title, weights} = card;
  const item = document.createElement('li');
  const heading = document.createElement('p');
  heading.append(
    createText('strong', title),
    weights.builtInPath === undefined ? ', from its file: ' : ', built in.',
  );
  if (weights.builtInPath === undefined) heading.append(createLink(weights.name, weights.homePage));
  const terms = document.createElement('dl');
  terms.ariaLive = 'polite'; // the speed is all that changes
  const showSpeed = (text: string): void => {
    showTerms(terms, costTerms(card, text));
  };
  showSpeed(UNMEASURED);
  const status = createText('p', '');
  status.role = 'status';
  const buttons = [...createUse(card, status, onUse), createSpeedButton(card, element, showSpeed)];
  item.append(heading, terms, ...buttons, status);
  return item;
}

/** The button that runs it without a file of the visitor's, where that can be. */
function createUse(
  {id, title, weights}: TranscriberCard,
  status: HTMLElement,
  onUse: (systemId: string) => void,
): readonly HTMLElement[] {
  if (weights.builtInPath !== undefined) {
    return [
      createButton('Use it', title, () => {
        onUse(id);
      }),
    ];
  }
  if (weights.format !== 'torch') return [];
  const use = async (): Promise<void> => {
    status.textContent = 'Looking…';
    const found = await findSiteModel(id);
    status.textContent = found
      ? `This site has it imported as ${found.precision}: ${formatMegabytes(found.bytes)} to fetch.`
      : 'This site has not imported it. Get the file from its publisher and choose it above, or drop it here.';
    if (found) onUse(id);
  };
  return [createButton('Use this site’s copy', title, () => void use())];
}

function createLink(text: string, address: string | undefined): HTMLElement {
  return address === undefined
    ? createText('code', text)
    : Object.assign(createText('a', text), {href: address});
}
