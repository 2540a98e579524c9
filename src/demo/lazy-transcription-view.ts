import {find} from './find.ts';
import type {TranscriptionView} from './transcription/transcription-view.ts';

/** The view of transcription, whose code is fetched when it is first shown. */
export class LazyTranscriptionView {
  readonly #onOther: (file: File) => void;
  readonly #status = find('#transcription-status', HTMLElement);
  readonly #body = find('#transcription-body', HTMLElement);
  #view: Promise<TranscriptionView | undefined> | undefined;

  /** @param onOther told of a weights file that is for no transcriber. */
  constructor(onOther: (file: File) => void) {
    this.#onOther = onOther;
  }

  /** The view, fetched where that was not done; undefined, and told in the page, where it cannot be. */
  open(): Promise<TranscriptionView | undefined> {
    this.#view ??= this.#load();
    return this.#view;
  }

  /** Ends listening and reading; fetches nothing for it. */
  async stop(): Promise<void> {
    await (await this.#view)?.stop();
  }

  async #load(): Promise<TranscriptionView | undefined> {
    this.#status.textContent = 'Loading…';
    try {
      const {connectTranscriptionView} = await import('./transcription/transcription-view.ts');
      const view = connectTranscriptionView(this.#onOther);
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
