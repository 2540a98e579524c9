/**
 * Works off what has been queued, one step at a time, whoever asks and however often: one inference at a time. Any
 * thread.
 */
export class DrainLoop {
  readonly #step: () => Promise<boolean>;
  #draining: Promise<void> | undefined;
  #hasWork = false;
  #isStopped = false;

  /** @param step does one step; false where there was nothing to do. */
  constructor(step: () => Promise<boolean>) {
    this.#step = step;
  }

  /** Whether `end` was called or a step has thrown: no further step is taken. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Steps until there is nothing to do; at once where another drain is under way, which then does this one's work.
   * @throws whatever a step throws; the loop is then stopped.
   */
  async drain(): Promise<void> {
    this.#hasWork = true;
    if (this.#draining) return;
    this.#draining = this.#work();
    try {
      await this.#draining;
    } catch (error) {
      this.#isStopped = true;
      throw error;
    } finally {
      this.#draining = undefined;
    }
  }

  /** Takes no further step; resolves when the one under way is done. */
  async end(): Promise<void> {
    this.#isStopped = true;
    await this.settled();
  }

  /** Resolves when no drain is under way; what one throws, it throws itself. */
  async settled(): Promise<void> {
    await this.#draining?.catch(() => undefined);
  }

  async #work(): Promise<void> {
    while (this.#hasWork) {
      this.#hasWork = false; // set again by work that comes while the last step finds nothing to do
      while (!this.#isStopped && (await this.#step()));
    }
  }
}
