import type {ReactiveController, ReactiveControllerHost} from 'lit';

/** Long enough to read two short sentences. */
const LIFETIME_MS = 6000;

/** A short answer beside the button that was pressed, for a while. Asks the host to render when it changes. */
export class Notice implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #text: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** What is shown now; undefined where nothing is. */
  get text(): string | undefined {
    return this.#text;
  }

  /** Shows a sentence in place of the one before. */
  show(text: string): void {
    this.hostDisconnected();
    this.#text = text;
    this.#timer = setTimeout(() => {
      this.#text = undefined;
      this.#host.requestUpdate();
    }, LIFETIME_MS);
    this.#host.requestUpdate();
  }

  /** The element left the document: nothing is shown, no timer is left. */
  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#text = undefined;
  }
}
