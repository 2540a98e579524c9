import type {Graph} from '../../graph/graph.ts';
import {tensorOf} from '../../graph/tensor-of.ts';
import type {
  DeferredConstants,
  DeferredOnnxGraph,
  OnnxAttribute,
  OnnxConstant,
  OnnxElementType,
  OnnxNode,
  OnnxValue,
} from './onnx-graph.ts';
import {storedType} from './uint8-shift.ts';

/** What a node needs beside its op and inputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly domain?: OnnxNode['domain'];
  /** Name of the result; a fresh one where absent. */
  readonly output?: string;
  /** Names of the results where there are several; the first is given back. */
  readonly outputs?: readonly [string, ...string[]];
}

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
} as const;

/** Collects nodes and constants of an ONNX network in the order in which they run. */
export class OnnxBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxConstant>();
  readonly #deferred = new Map<string, DeferredConstants>(); // by the name of the first of each
  readonly #prefix: string;
  #freshCount = 0;

  /** @param prefix of fresh names; no tensor of a graph may begin so. */
  constructor(prefix = '/earshot') {
    this.#prefix = prefix;
  }

  /** Adds an operator call and gives the name of its result. */
  add(op: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const {attributes = {}, domain = ''} = options;
    const outputs = options.outputs ?? [options.output ?? this.#freshName(op)];
    this.#nodes.push({op, domain, inputs, outputs, attributes});
    return outputs[0];
  }

  /**
   * Adds a constant and gives its name. Same name, same constant: a second call with a name adds nothing.
   * @param shape [] for a single number.
   * @param name a fresh one where absent.
   */
  constant(
    type: OnnxElementType,
    shape: readonly number[],
    values: ArrayLike<number>,
    name: string = this.#freshName('constant'),
  ): string {
    if (!this.#constants.has(name)) {
      this.#constants.set(name, {name, type, shape, bytes: littleEndianBytes(type, values)});
    }
    return name;
  }

  /**
   * Adds constants whose elements are elsewhere until the network is written, and gives their names. Same first name,
   * same constants: a second call adds nothing.
   */
  deferred(group: DeferredConstants): readonly string[] {
    const names = group.constants.map(({name}) => name);
    const [first = ''] = names;
    if (!this.#deferred.has(first)) this.#deferred.set(first, group);
    return names;
  }

  /** Adds a constant of rank 0. */
  scalar(type: OnnxElementType, value: number): string {
    return this.constant(type, [], [value]);
  }

  /** Adds a constant of rank 1: shapes, axes, pads. */
  int64List(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  /** The operator calls so far: what a loop runs, where they are those of its body. */
  get nodes(): readonly OnnxNode[] {
    return this.#nodes;
  }

  /** Gives the finished network, with the inputs and outputs of the graph that it was made from. */
  finish(graph: Graph): DeferredOnnxGraph {
    return {
      name: graph.name,
      inputs: graph.inputs.map((name) => valueOf(graph, name)),
      outputs: graph.outputs.map((name) => valueOf(graph, name)),
      constants: [...this.#constants.values()],
      deferred: [...this.#deferred.values()],
      nodes: this.#nodes,
    };
  }

  #freshName(stem: string): string {
    return `${this.#prefix}/${stem}_${this.#freshCount++}`;
  }
}

function valueOf(graph: Graph, name: string): OnnxValue {
  const tensor = tensorOf(graph, name);
  return {name, type: storedType(tensor), shape: tensor.shape};
}

/**
 * Numbers as ONNX stores them; those given may be shared. Every machine with WebAssembly stores numbers little-endian, as
 * ONNX asks for.
 */
export function littleEndianBytes(type: OnnxElementType, values: ArrayLike<number>): Uint8Array {
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(Array.from(values), BigInt).buffer);
  const array = values instanceof arrayTypes[type] ? values : new arrayTypes[type](values);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
