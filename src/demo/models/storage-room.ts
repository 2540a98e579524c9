import type {ModelLibrary} from '../../index.ts';
import {find} from '../find.ts';
import {formatMegabytes} from '../format.ts';

/** How much room the models take, and whether the browser keeps them. */
export class StorageRoom {
  readonly #library: ModelLibrary;
  readonly #bar = find('#storage-bar', HTMLProgressElement);
  readonly #text = find('#storage-text', HTMLElement);
  readonly #notice = find('#storage-notice', HTMLElement);
  readonly #persist = find('#storage-persist', HTMLButtonElement);

  constructor(library: ModelLibrary) {
    this.#library = library;
    this.#persist.addEventListener('click', () => void this.#askToKeep());
  }

  /** Shows it as it is now. */
  async refresh(): Promise<void> {
    const {kind, reason, modelBytes, usedBytes, quotaBytes, isPersisted} = await this.#library.estimate();
    const used = usedBytes ?? modelBytes;
    this.#bar.hidden = quotaBytes === undefined;
    this.#bar.value = quotaBytes ? Math.min(1, used / quotaBytes) : 0;
    const ofAll =
      quotaBytes === undefined
        ? ''
        : `, the whole site ${formatMegabytes(used)} of ${formatMegabytes(quotaBytes)} that it may`;
    const isKept = isPersisted ? ' The browser has promised to keep them.' : '';
    this.#text.textContent = `Models take ${formatMegabytes(modelBytes)}${ofAll}.${isKept}`;
    this.#persist.hidden = isPersisted || kind === 'memory';
    this.#notice.hidden = kind !== 'memory';
    this.#notice.textContent = `They are gone when this page is closed: ${reason ?? 'nothing else can be had'}.`;
  }

  async #askToKeep(): Promise<void> {
    if (await this.#library.persist()) {
      await this.refresh();
      return;
    }
    this.#text.append(' The browser does not promise to keep them; it may clear them when room is short.');
  }
}
