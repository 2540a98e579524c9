import {find} from '../find.ts';

/** The notice that a new version is there, which the visitor takes or leaves. */
export class UpdateOffer {
  readonly #text = find('#update-text', HTMLElement);
  readonly #buttons = ['#update-now', '#update-later'].map((selector) => find(selector, HTMLButtonElement));
  #isOpen = false; // made, and neither shown nor declined yet

  /** @param onAccept told when the visitor wants the new version. */
  constructor(onAccept: () => void) {
    const [now, later] = this.#buttons;
    now?.addEventListener('click', onAccept);
    later?.addEventListener('click', () => {
      this.#show(false);
    });
  }

  /** There is a new version to be offered. */
  make(): void {
    this.#isOpen = true;
  }

  /** Shows what is offered; not while the page listens, because the microphone would hear a screen reader say it. */
  showIfQuiet(isQuiet: boolean): void {
    if (!this.#isOpen || !isQuiet) return;
    this.#isOpen = false;
    this.#show(true);
  }

  #show(isShown: boolean): void {
    this.#text.textContent = isShown ? 'A new version of Earshot is ready.' : '';
    for (const button of this.#buttons) button.hidden = !isShown;
  }
}
