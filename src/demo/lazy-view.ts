import {find} from './find.ts';

/** A view whose code is fetched when it is first shown; the page has `#<name>-status` and `#<name>-body` for it. */
export class LazyView<Loaded> {
  readonly #load: () => Promise<Loaded>;
  readonly #status: HTMLElement;
  readonly #body: HTMLElement;
  #view: Promise<Loaded | undefined> | undefined;

  constructor(name: string, load: () => Promise<Loaded>) {
    this.#load = load;
    this.#status = find(`#${name}-status`, HTMLElement);
    this.#body = find(`#${name}-body`, HTMLElement);
  }

  /** The view, fetched where that was not done; undefined, and told in the page, where it cannot be. */
  open(): Promise<Loaded | undefined> {
    this.#view ??= this.#open();
    return this.#view;
  }

  /** The view where it was fetched; fetches nothing. */
  async opened(): Promise<Loaded | undefined> {
    return await this.#view;
  }

  async #open(): Promise<Loaded | undefined> {
    this.#status.textContent = 'Loading…';
    try {
      const view = await this.#load();
      this.#status.textContent = '';
      this.#body.hidden = false;
      return view;
    } catch (error) {
      this.#view = undefined; // the next visit tries again
      this.#status.textContent =
        'This view could not be loaded. Look at the connection, then reload the page.';
      reportError(error);
      return undefined;
    }
  }
}
