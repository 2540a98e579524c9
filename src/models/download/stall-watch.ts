/** A signal for one request, which aborts too where nothing comes for a while: some lost connections never say so. */
export class StallWatch {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #stallMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outer: AbortSignal, stallMs: number) {
    this.#outer = outer;
    this.#stallMs = stallMs;
    outer.addEventListener('abort', this.#onAbort);
    if (outer.aborted) this.#onAbort();
    this.touch();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something came: the time counts anew. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#controller.abort(new Error(`got nothing for ${this.#stallMs} ms, expected bytes`));
    }, this.#stallMs);
  }

  /** Ends the request, if it has not ended, and the watch. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#onAbort);
    this.#controller.abort();
  }

  readonly #onAbort = (): void => {
    this.#controller.abort(this.#outer.reason);
  };
}
