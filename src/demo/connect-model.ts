import type {KwsListener} from '../elements.ts';
import {identifyWeights, keywordSystems} from '../index.ts';
import {titleOf} from './connect-details.ts';
import {find} from './find.ts';

/** The system that runs without any file. */
const BUILT_IN = 'earshot-kws';

/** The controls by which a model is chosen. */
class ModelChoice {
  readonly #listener: KwsListener;
  readonly #onChoice: () => void;
  readonly #input = find('#file', HTMLInputElement);
  readonly #name = find('#model-name', HTMLElement);
  readonly #status = find('#file-status', HTMLElement);
  readonly #builtIn = find('#built-in', HTMLButtonElement);
  readonly #unknown = find('#unknown-file', HTMLElement);
  readonly #system = find('#unknown-system', HTMLSelectElement);
  readonly #unverified = find('#run-unverified', HTMLInputElement);
  #file: File | undefined; // the newest one chosen; a slower look at an older one says nothing any more

  constructor(listener: KwsListener, onChoice: () => void) {
    this.#listener = listener;
    this.#onChoice = onChoice;
    this.#system.append(
      ...keywordSystems.filter(({id}) => id !== BUILT_IN).map(({id, title}) => new Option(title, id)),
    );
    this.#input.addEventListener('change', () => {
      const file = this.#input.files?.[0];
      if (file) void this.choose(file);
    });
    this.#builtIn.addEventListener('click', () => {
      this.#useBuiltIn();
    });
    for (const control of [this.#system, this.#unverified]) {
      control.addEventListener('change', () => {
        this.#runUnknown();
      });
    }
    this.#showName();
  }

  /** Runs a file of the visitor's: at once where a card lists it, else once the visitor says so. */
  async choose(file: File): Promise<void> {
    this.#file = file;
    this.#unknown.hidden = true;
    this.#status.textContent = `Looking at ${file.name}…`;
    const known = await identifyWeights(file).catch((error: unknown) => {
      this.#status.textContent = `${file.name} cannot be read: ${String(error)}`;
      throw error;
    });
    if (this.#file !== file) return;
    this.#builtIn.hidden = false;
    if (known) {
      this.#run(known.systemId, file, false);
      this.#status.textContent = `${file.name} is ${known.what}.`;
    } else {
      this.#unverified.checked = false;
      this.#unknown.hidden = false;
      this.#status.textContent = `${file.name} is not known.`;
    }
  }

  #useBuiltIn(): void {
    this.#file = undefined;
    this.#input.value = '';
    this.#status.textContent = '';
    this.#unknown.hidden = true;
    this.#builtIn.hidden = true;
    this.#run(BUILT_IN, undefined, false);
    this.#input.focus(); // the button that had the focus is gone
  }

  #runUnknown(): void {
    const isWanted = this.#unverified.checked;
    if (isWanted) this.#run(this.#system.value, this.#file, true);
    else this.#run(BUILT_IN, undefined, false);
    this.#status.textContent = isWanted ? `${this.#file?.name ?? ''} runs UNVERIFIED.` : '';
  }

  #run(systemId: string, file: File | undefined, isUnverified: boolean): void {
    this.#listener.model = systemId;
    this.#listener.weights = file;
    this.#listener.allowUnverified = isUnverified;
    this.#showName();
    this.#onChoice();
  }

  #showName(): void {
    const {model, allowUnverified} = this.#listener;
    this.#name.textContent = allowUnverified ? `${titleOf(model)} · UNVERIFIED` : titleOf(model);
  }
}

/**
 * Lets the visitor choose a model by the form or by dropping a file anywhere on the page.
 * @param onChoice told after the listener's model has changed, loaded or not.
 */
export function connectModel(listener: KwsListener, onChoice: () => void): void {
  const choice = new ModelChoice(listener, onChoice);
  const {documentElement: page} = document;
  document.addEventListener('dragover', (event) => {
    event.preventDefault(); // else the browser leaves the page and opens the file
    page.classList.add('dragging');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) page.classList.remove('dragging');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    page.classList.remove('dragging');
    const file = event.dataTransfer?.files[0];
    if (file) void choice.choose(file);
  });
}
