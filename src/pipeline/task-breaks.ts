/** Work done before the thread takes its messages; a browser's timer adds 4 ms to it. */
const TASK_MS = 50;

/**
 * Lets the thread take its messages while it works: audio to come, or the wish to stop. Engines in WebAssembly compute at
 * once, so that waiting for them does not. Worker or Node.
 */
export class TaskBreaks {
  readonly #clock: () => number;
  #taskStartMs = -Infinity; // when the thread last took its messages

  /** @param clock milliseconds that only go forward. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Waits for the thread's messages, where it has worked for long. */
  async giveWay(): Promise<void> {
    if (this.#clock() - this.#taskStartMs < TASK_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#taskStartMs = this.#clock();
  }
}
