import type {ReactiveController, ReactiveControllerHost} from 'lit';

/** How long a heard keyword stays lit. */
const HIGHLIGHT_MS = 1500;

/** Which keywords are lit, each for a while after it was heard. Asks the host to render when that changes. */
export class Highlights implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether any keyword is lit. */
  get isAny(): boolean {
    return this.#timers.size > 0;
  }

  /** Whether this keyword is lit. */
  has(keyword: string): boolean {
    return this.#timers.has(keyword);
  }

  /** Lights a keyword; one that is lit already stays so for the full time again. */
  add(keyword: string): void {
    clearTimeout(this.#timers.get(keyword));
    const timer = setTimeout(() => {
      this.#timers.delete(keyword);
      this.#host.requestUpdate();
    }, HIGHLIGHT_MS);
    this.#timers.set(keyword, timer);
    this.#host.requestUpdate();
  }

  /** The element left the document: nothing is lit, no timer is left. */
  hostDisconnected(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
