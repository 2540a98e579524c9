/** Events a reader may lag behind before the oldest is forgotten: a minute of one word a second. */
const CAPACITY = 60;

/** Events on their way to one `for await` loop. Bounded; every pending read settles. */
export class EventQueue<Item> {
  readonly #waiting: Item[] = [];
  #reader: PromiseWithResolversOf<Item | undefined> | undefined;
  #end: {readonly error: unknown} | 'done' | undefined;

  /** Adds one event; hands it over at once where somebody reads. Does nothing after the end. */
  push(item: Item): void {
    if (this.#end) return;
    if (this.#reader) {
      this.#reader.resolve(item);
      this.#reader = undefined;
      return;
    }
    if (this.#waiting.length === CAPACITY) this.#waiting.shift();
    this.#waiting.push(item);
  }

  /** Ends the queue: the reader gets what waits, then the end. */
  finish(): void {
    this.#end ??= 'done';
    this.#reader?.resolve(undefined);
  }

  /** Ends the queue with an error, after what waits. */
  fail(error: unknown): void {
    this.#end ??= {error};
    this.#reader?.reject(error);
  }

  /** The next event, or undefined at the end. One reader at a time. */
  async next(): Promise<Item | undefined> {
    const item = this.#waiting.shift();
    if (item !== undefined) return item;
    if (this.#end === 'done') return undefined;
    if (this.#end) throw this.#end.error;
    this.#reader = withResolvers();
    return this.#reader.promise;
  }
}

interface PromiseWithResolversOf<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

/** Promise.withResolvers, which Safari before 17.4 lacks. */
function withResolvers<Value>(): PromiseWithResolversOf<Value> {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return {promise, resolve, reject};
}
