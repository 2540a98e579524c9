import type {EngineName, Model, Numerics} from '../engine/engine.ts';
import type {Graph, TensorData} from '../graph/graph.ts';
import {elementCount} from '../graph/shape.ts';
import {tensorOf} from '../graph/tensor-of.ts';

/** Where a window lies. */
export interface WindowPlace {
  /** What the frames come from; windows of different streams share none. */
  readonly stream: object;
  /** Index of the window's last frame. Between two windows on either side of a gap lies a whole window at least. */
  readonly newestFrame: number;
}

/** A model that may know windows by their place, and take over what it computed for an earlier one. */
export interface PlacedModel extends Model {
  /**
   * Runs the network on one window of a stream; not exactly what `run` gives.
   * @param window as the graph's one input.
   * @returns as the graph's one output.
   */
  runAt?(window: TensorData, place: WindowPlace): Promise<TensorData>;
}

/** The two halves of a network that `keepStart` made, loaded into one engine. */
export interface IncrementalParts {
  readonly whole: Model;
  readonly continued: Model;
  /** Frames from the window that gives columns to the one that takes them. */
  readonly shift: number;
}

/**
 * A network of one input and one output whose windows take over the columns that an earlier one computed. Whatever has
 * no such window is computed whole: the first windows, those after a gap, those at another hop. Errors do not add up: a
 * column is computed once, and gone when its window's length has passed. Worker or Node. One run at a time.
 */
export class IncrementalModel implements PlacedModel {
  /** The network as it is, without what passes from window to window. */
  readonly graph: Graph;
  readonly #parts: IncrementalParts;
  readonly #newestLength: number; // values of the newest frames
  readonly #kept = new Map<number, readonly TensorData[]>(); // by the newest frame of the window that gave it
  #stream: object | undefined;

  constructor(parts: IncrementalParts) {
    const {whole, continued} = parts;
    this.#parts = parts;
    this.graph = {...whole.graph, outputs: whole.graph.outputs.slice(0, 1)};
    this.#newestLength = elementCount(tensorOf(continued.graph, continued.graph.inputs[0]).shape);
  }

  get engine(): EngineName {
    return this.#parts.continued.engine;
  }

  get fallbackReason(): string | undefined {
    return this.#parts.continued.fallbackReason;
  }

  get numerics(): Numerics {
    return this.#parts.continued.numerics;
  }

  get threadCount(): number {
    return this.#parts.continued.threadCount;
  }

  /** Runs the whole network on a window that belongs to no stream. */
  async run(inputs: readonly TensorData[]): Promise<readonly TensorData[]> {
    return (await this.#parts.whole.run(inputs)).slice(0, 1);
  }

  async runAt(window: TensorData, {stream, newestFrame}: WindowPlace): Promise<TensorData> {
    const {whole, continued, shift} = this.#parts;
    if (stream !== this.#stream) this.#kept.clear();
    this.#stream = stream;
    const kept = this.#kept.get(newestFrame - shift);
    const [output, ...next] = kept
      ? await continued.run([window.slice(-this.#newestLength), ...kept])
      : await whole.run([window]);
    this.#remember(newestFrame, next);
    return output as TensorData;
  }

  dispose(): void {
    this.#kept.clear();
    this.#parts.whole.dispose();
    this.#parts.continued.dispose();
  }

  /** Copies what this window gives, and forgets what no later window can take any more. */
  #remember(newestFrame: number, given: readonly TensorData[]): void {
    for (const frame of this.#kept.keys()) {
      if (frame <= newestFrame - this.#parts.shift) this.#kept.delete(frame);
    }
    this.#kept.set(
      newestFrame,
      given.map((values) => values.slice()),
    );
  }
}
