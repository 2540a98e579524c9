/** A LockManager that only gives locks which are free, and is asked for no others. */
export class FakeLocks {
  readonly #held = new Set<string>();

  /** Ends the workers that hold locks. */
  killWorkers(): void {
    this.#held.clear();
  }

  readonly request = (async (
    name: string,
    _options: {readonly ifAvailable: true},
    callback: (lock: unknown) => unknown,
  ): Promise<unknown> => {
    if (this.#held.has(name)) return await callback(null);
    this.#held.add(name);
    try {
      return await callback({name});
    } finally {
      this.#held.delete(name);
    }
  }) as LockManager['request'];
}
