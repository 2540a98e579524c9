import {ModelLibrary, type ModelEntry, type SystemCard} from '../../index.ts';
import {createButton, createText} from '../create-text.ts';
import {find} from '../find.ts';
import {formatMegabytes} from '../format.ts';
import {keepParts} from '../offline/keep-parts.ts';
import {cardOf, partsOf, titleOfModel} from './model-facts.ts';
import {ModelItem, type ModelActions} from './model-item.ts';
import {StorageRoom} from './storage-room.ts';

type OtherFile = Awaited<ReturnType<ModelLibrary['list']>>['others'][number];

/** The view of what models there are, and which are on this device. */
export class ModelsView {
  readonly #library = new ModelLibrary();
  readonly #room = new StorageRoom(this.#library);
  readonly #items = new Map<string, ModelItem>();
  readonly #unpinned = new Set<string>(); // models with a file of which no digest is published
  readonly #status = find('#library-status', HTMLElement);

  readonly #onUse: (card: SystemCard) => void;

  /** @param onUse told which system is to run; it is on this device. */
  constructor(onUse: (card: SystemCard) => void) {
    this.#onUse = onUse;
    const input = find('#library-file', HTMLInputElement);
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) void this.add(file);
      input.value = ''; // the same file may be chosen again
    });
  }

  /** Shows what is here now. */
  async refresh(): Promise<void> {
    const [{models, others}] = await Promise.all([this.#library.list(), this.#room.refresh()]);
    for (const model of models) this.#showModel(model);
    this.#showOthers(others);
  }

  /** Keeps a file of the visitor's, where a card lists it. */
  async add(file: File): Promise<void> {
    this.#status.textContent = `Checking ${file.name}…`;
    try {
      const id = await this.#library.add(file);
      void keepParts(partsOf(id));
      this.#status.textContent = `${file.name} is kept: ${titleOfModel(id)}.`;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#status.textContent = `${file.name} is not kept: ${why}`;
    }
    await this.refresh();
  }

  readonly #actions: ModelActions = {
    get: async (id, signal, onProgress) => {
      const options = {signal, onProgress, allowUnverified: this.#unpinned.has(id)};
      await this.#changing(id, this.#library.get(id, options));
      void keepParts(partsOf(id));
      return 'It is here now.';
    },
    verify: async (id, signal, onProgress) => {
      await this.#changing(id, this.#library.verify(id, {signal, onProgress}));
      return 'Its files are what they should be.';
    },
    remove: async (id) => {
      await this.#changing(id, this.#library.remove(id));
      return 'Removed.';
    },
    use: (id) => {
      const card = cardOf(id);
      if (card) this.#onUse(card);
    },
  };

  /** Waits for it, then shows what it changed, once its item is done with it. */
  async #changing(id: string, task: Promise<void>): Promise<void> {
    try {
      await task;
    } finally {
      setTimeout(() => void this.refresh().then(() => this.#items.get(id)?.focus()));
    }
  }

  #showModel(model: ModelEntry): void {
    if (!model.files.every(({isPinned}) => isPinned)) this.#unpinned.add(model.id);
    const known = this.#items.get(model.id);
    if (known) {
      known.show(model);
      return;
    }
    const item = new ModelItem(model, this.#actions);
    this.#items.set(model.id, item);
    find('#library', HTMLUListElement).append(item.element);
  }

  #showOthers(others: readonly OtherFile[]): void {
    find('#others', HTMLElement).hidden = others.length === 0;
    const rows = others.map(({name, bytes, sha256}) => {
      const row = document.createElement('li');
      const remove = async (): Promise<void> => {
        await this.#library.remove(sha256);
        await this.refresh();
      };
      row.append(createText('p', `${name}, ${formatMegabytes(bytes)}`));
      row.append(createButton('Remove', name, () => void remove()));
      return row;
    });
    find('#other-files', HTMLUListElement).replaceChildren(...rows);
  }
}
