import type {Graph, Node, OpName, Tensor} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {OneScale} from '../../graph/quantised-scales.ts';
import {tensorOf} from '../../graph/tensor-of.ts';
import {at, type Buffer, type Fields, type KernelName, type Place, type Step} from './blocks.ts';
import {
  bytesOf,
  elementBytes,
  graphOrder,
  liesInOrder,
  mergeAxes,
  stridesOf,
  type Value,
  type WalkAxis,
} from './values.ts';

/** A node of one op. */
export type NodeOf<Op extends OpName> = Extract<Node, {op: Op}>;

/** The axes of an image as convolutions compute it: [batch, height, width, channels]. */
export const CHANNELS_LAST = [0, 2, 3, 1] as const;

/** Collects the steps that a graph becomes. */
export class ProgramBuilder {
  readonly steps: Step[] = [];
  readonly #graph: Graph;
  readonly #values = new Map<string, Value>();
  #nodeIndex = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    for (const name of graph.inputs) this.#define(name, this.newValue(this.tensor(name)));
  }

  /** Says which node the next steps belong to. */
  begin(nodeIndex: number): void {
    this.#nodeIndex = nodeIndex;
  }

  /** @throws ModelFormatError where the graph has none of that name. */
  tensor(name: string | undefined): Tensor {
    return tensorOf(this.#graph, name);
  }

  /** A tensor as it lies in memory: computed before, or a constant. */
  value(name: string | undefined): Value {
    const tensor = this.tensor(name);
    const known = this.#values.get(tensor.name);
    if (known) return known;
    if (!tensor.data)
      throw new ModelFormatError(`${tensor.name}, not computed yet`, 'nodes in running order');
    const value = {...described(tensor), buffer: this.constant(tensor.data)};
    this.#define(tensor.name, value);
    return value;
  }

  /** Says where a tensor lies. */
  define(name: string | undefined, value: Value): void {
    this.#define(this.tensor(name).name, value);
  }

  /** Memory for a tensor, in the graph's order unless another is given. */
  newValue(
    tensor: Pick<Tensor, 'type' | 'shape'>,
    order: readonly number[] = graphOrder(tensor.shape.length),
  ): Value {
    const value = {type: tensor.type, shape: tensor.shape, order};
    return {...value, buffer: this.scratch(bytesOf(value))};
  }

  /** Memory for the output of a node, which lies there from now on. */
  newOutput(name: string | undefined, order?: readonly number[]): Value {
    const value = this.newValue(this.tensor(name), order);
    this.define(name, value);
    return value;
  }

  /** The value with its elements in another order, copied where that moves any. */
  inOrder(value: Value, order: readonly number[]): Value {
    if (liesInOrder(value, order)) return {...value, order};
    const result = this.newValue(value, order);
    const [from, to] = [stridesOf(value), stridesOf(result)];
    const axes = order.map((axis): WalkAxis => [
      value.shape[axis] as number,
      from[axis] as number,
      to[axis] as number,
    ]);
    this.copy(at(value.buffer), at(result.buffer), axes, value);
    return result;
  }

  /** Adds a copy of the elements that a walk meets. */
  copy(input: Place, output: Place, axes: readonly WalkAxis[], {type}: Pick<Value, 'type'>): void {
    const merged = mergeAxes([...axes, [elementBytes(type), 1, 1]]);
    this.add('copy', {input, output, rank: merged.length, axes: this.integers(merged.flat())});
  }

  /** Adds one call of a kernel. */
  add<Kernel extends KernelName>(kernel: Kernel, fields: Fields<Kernel>): void {
    this.steps.push({kernel, fields, nodeIndex: this.#nodeIndex});
  }

  /** Memory that is free again when no later step names it. */
  scratch(byteLength: number): Buffer {
    return {byteLength};
  }

  /** Memory that holds values from the start. */
  constant(data: ArrayBufferView): Buffer {
    return {byteLength: data.byteLength, data};
  }

  /** A constant of 32-bit integers. */
  integers(values: readonly number[]): Place {
    return at(this.constant(Int32Array.from(values)));
  }

  /**
   * How the values of an int8 tensor are to be read.
   * @throws ModelFormatError where it is not int8 with one scale for all.
   */
  activation(name: string | undefined): OneScale {
    const tensor = this.tensor(name);
    if (tensor.type !== 'int8') throw new ModelFormatError(`${tensor.name} of ${tensor.type}`, 'int8');
    return quantisationOf(tensor);
  }

  #define(name: string, value: Value): void {
    this.#values.set(name, value);
  }
}

/**
 * The one scale and zero point of a tensor.
 * @throws ModelFormatError where it has none, or several.
 */
export function quantisationOf({name, quantisation}: Tensor): OneScale {
  const [scale, zeroPoint] = [quantisation?.scale[0], quantisation?.zeroPoint[0]];
  if (quantisation?.scale.length !== 1 || scale === undefined || zeroPoint === undefined) {
    throw new ModelFormatError(`${name} with ${quantisation?.scale.length ?? 0} scales`, 'one scale');
  }
  return {scale, zeroPoint};
}

function described({type, shape}: Tensor): Omit<Value, 'buffer'> {
  return {type, shape, order: graphOrder(shape.length)};
}
