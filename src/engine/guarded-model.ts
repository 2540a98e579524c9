import type {ElementType, Graph, Tensor, TensorData} from '../graph/graph.ts';
import {ANY_LENGTH, elementCount, shapeOfValues} from '../graph/shape.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import type {EngineName, Model, Numerics} from './engine.ts';

/** What an engine brings to a model: how to run the network once, and how to give back what it holds. */
export interface ModelParts {
  readonly engine: EngineName;
  readonly numerics: Numerics;
  readonly threadCount?: number; // default 1
  readonly graph: Graph;
  readonly fallbackReason?: string | undefined;
  /** Called with checked inputs, never twice at a time, never after `release`. */
  execute(inputs: readonly TensorData[]): Promise<readonly TensorData[]>;
  /** Called once, never while `execute` runs. */
  release(): void;
}

const arrayTypes = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: Int32Array,
} as const satisfies Record<ElementType, unknown>;

/**
 * What every model promises whatever runs it: inputs are checked, runs never overlap, disposal waits for the run
 * that is under way.
 */
export class GuardedModel implements Model {
  readonly numerics: Numerics;
  readonly threadCount: number;
  readonly graph: Graph;
  readonly #parts: ModelParts;
  readonly #inputs: readonly Tensor[];
  #state: 'idle' | 'running' | 'disposing' | 'disposed' = 'idle';

  constructor(parts: ModelParts) {
    this.numerics = parts.numerics;
    this.threadCount = parts.threadCount ?? 1;
    this.graph = parts.graph;
    this.#parts = parts;
    this.#inputs = parts.graph.inputs.map((name) => tensorOf(parts.graph, name));
  }

  get engine(): EngineName {
    return this.#parts.engine;
  }

  get fallbackReason(): string | undefined {
    return this.#parts.fallbackReason;
  }

  /**
   * @throws Error where the model is disposed or still running.
   * @throws TypeError, RangeError where the inputs are not what the graph says.
   */
  async run(inputs: readonly TensorData[]): Promise<readonly TensorData[]> {
    if (this.#state !== 'idle') throw new Error(`got run() while ${this.#state}, expected an idle model`);
    this.#checkInputs(inputs);
    this.#state = 'running';
    try {
      return await this.#parts.execute(inputs);
    } finally {
      this.#settle();
    }
  }

  dispose(): void {
    if (this.#state === 'running') this.#state = 'disposing';
    if (this.#state !== 'idle') return;
    this.#state = 'disposed';
    this.#parts.release();
  }

  #settle(): void {
    const disposeNow = this.#state === 'disposing';
    this.#state = 'idle';
    if (disposeNow) this.dispose();
  }

  #checkInputs(inputs: readonly TensorData[]): void {
    if (inputs.length !== this.#inputs.length) {
      throw new RangeError(`got ${inputs.length} inputs, expected ${this.#inputs.length}`);
    }
    for (let index = 0; index < inputs.length; index++)
      this.#checkInput(this.#inputs[index] as Tensor, inputs[index]);
  }

  #checkInput({name, type, shape}: Tensor, data: TensorData | undefined): void {
    if (!(data instanceof arrayTypes[type])) {
      throw new TypeError(`input ${name}: got ${typeName(data)}, expected ${arrayTypes[type].name}`);
    }
    if (shapeOfValues(shape, data.length)) return;
    const sizes = shape.map((size) => (size === ANY_LENGTH ? 'any' : size)).join(' × ');
    const expected = shape.includes(ANY_LENGTH) ? `[${sizes}]` : `${elementCount(shape)} = [${sizes}]`;
    throw new RangeError(`input ${name}: got ${data.length} values, expected ${expected}`);
  }
}

function typeName(value: unknown): string {
  return value instanceof Object ? value.constructor.name : typeof value;
}
