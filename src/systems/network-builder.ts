import type {Graph, Node, Pads, Tensor} from '../graph/graph.ts';
import {readFloats, readWeight, type Weights} from './file-weights.ts';

/** A convolution of the network and what follows it. */
interface Convolution {
  readonly name: string;
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly pads?: Pads;
  readonly group?: number;
  /** Default `relu`. */
  readonly activation?: 'relu' | 'none';
}

/** What is fed to the network. */
interface NetworkInput {
  /** Of the graph. */
  readonly name: string;
  /** Of the input tensor. */
  readonly input: string;
  readonly shape: Shape;
}

/** Rows of the height. */
interface RowRange {
  readonly first: number;
  readonly count: number;
}

/** Height and width as the system has laid them out. */
type Shape = readonly [batch: 1, channels: number, height: number, width: number];

const SAME_3: Pads = [1, 1, 1, 1];

/**
 * Collects the tensors and nodes of a network, one layer after the other, and checks every weight's shape on the
 * way. Any thread.
 */
export class NetworkBuilder {
  readonly #weights: Weights;
  readonly #tensors = new Map<string, Tensor>();
  readonly #nodes: Node[] = [];
  readonly #name: string;
  readonly #inputs: string[];
  readonly #states: string[] = []; // as they are after a run, in the order of the inputs behind the first
  #current: string;
  #shape: Shape;

  constructor(weights: Weights, {name, input, shape}: NetworkInput) {
    this.#weights = weights;
    this.#name = name;
    this.#inputs = [input];
    this.#current = input;
    this.#shape = shape;
    this.#tensors.set(input, {name: input, type: 'float32', shape});
  }

  get shape(): Shape {
    return this.#shape;
  }

  /** Name of the newest layer's output, for {@link shortcut}. */
  get current(): string {
    return this.#current;
  }

  /** A constant of these values; gives its name. */
  constant(name: string, shape: readonly number[], data: Float32Array): string {
    this.#tensors.set(name, {name, type: 'float32', shape, data});
    return name;
  }

  /** Conv with constants that are already there; no activation. */
  convolve(layer: Convolution, weight: string, bias: string): void {
    const {kernel, strides = [1, 1], pads = [0, 0, 0, 0], group = 1} = layer;
    const [, , height, width] = this.#shape;
    const outputHeight = (height + pads[0] + pads[2] - kernel[0]) / strides[0] + 1;
    const outputWidth = (width + pads[1] + pads[3] - kernel[1]) / strides[1] + 1;
    const attributes = {strides, pads, dilations: [1, 1], group} as const;
    const inputs = [this.#current, weight, bias];
    const shape: Shape = [1, layer.outputs, Math.floor(outputHeight), Math.floor(outputWidth)];
    this.#append(`${layer.name}.conv`, shape, (output) => ({
      op: 'Conv',
      inputs,
      outputs: [output],
      attributes,
    }));
  }

  /** Conv with weights of the file and its activation. Throws ModelFormatError where the file's do not fit. */
  convolution(layer: Convolution): void {
    const inputs = this.#shape[1] / (layer.group ?? 1);
    const [weight, bias] = this.#parameters(layer.name, [layer.outputs, inputs, ...layer.kernel]);
    this.convolve(layer, weight, bias);
    if (layer.activation === 'none') return;
    const from = this.#current;
    this.#append(layer.name, this.#shape, (output) => ({
      op: 'Relu',
      inputs: [from],
      outputs: [output],
      attributes: {},
    }));
  }

  /** Depthwise 3 × 3, pointwise, and a shortcut where input and output have one shape. */
  separable(name: string, outputs: number, strides: readonly [number, number]): void {
    const from = this.#current;
    const before = this.#shape;
    const channels = before[1];
    this.convolution({
      name: `${name}.depthwise`,
      outputs: channels,
      kernel: [3, 3],
      strides,
      pads: SAME_3,
      group: channels,
    });
    this.convolution({name: `${name}.pointwise`, outputs, kernel: [1, 1]});
    if (before.join() === this.#shape.join()) this.shortcut(name, from);
  }

  /** Adds an earlier layer's output of the same shape. */
  shortcut(name: string, from: string): void {
    const inputs = [from, this.#current];
    this.#append(name, this.#shape, (output) => ({op: 'Add', inputs, outputs: [output], attributes: {}}));
  }

  /**
   * Puts the last rows of the run before in front of the newest layer's output: a state of the graph, whose input is
   * `<name>.before` and whose output `<name>.after`.
   */
  joinHistory(name: string, rowCount: number): void {
    const [, channels, height, width] = this.#shape;
    const before = this.#define(`${name}.before`, [1, channels, rowCount, width]);
    const inputs = [before, this.#current];
    this.#append(`${name}.joined`, [1, channels, rowCount + height, width], (output) => ({
      op: 'Concat',
      inputs,
      outputs: [output],
      attributes: {axis: 2},
    }));
    this.#inputs.push(before);
    this.#states.push(this.rowsOf(this.#current, `${name}.after`, {first: height, count: rowCount}));
  }

  /** Some rows of a layer's output, which is not built on by that; gives their name. */
  rowsOf(from: string, name: string, {first, count}: RowRange): string {
    const shape = this.#tensors.get(from)?.shape.with(2, count) ?? [];
    const attributes = {axes: [2], starts: [first], ends: [first + count]};
    this.#nodes.push({op: 'Slice', inputs: [from], outputs: [this.#define(name, shape)], attributes});
    return name;
  }

  /** The same values in row-major order under another shape. */
  reshape(name: string, shape: Shape): void {
    const inputs = [this.#current];
    this.#append(name, shape, (output) => ({op: 'Reshape', inputs, outputs: [output], attributes: {shape}}));
  }

  /** Ends the graph with the newest layer's channels last, [1, height, width, channels], and the states. */
  finishWithChannelsLast(name: string): Graph {
    const [, channels, height, width] = this.#shape;
    const permutation = [0, 2, 3, 1];
    const output = this.#define(name, [1, height, width, channels]);
    const inputs = [this.#current];
    this.#nodes.push({op: 'Transpose', inputs, outputs: [output], attributes: {permutation}});
    return this.#graph(output);
  }

  /**
   * Mean over height and width, then a dense layer to `outputs` values; ends the graph. Throws ModelFormatError where
   * the file's weights do not fit.
   */
  classify(name: string, outputs: number): Graph {
    const [, channels, height, width] = this.#shape;
    const attributes = {kernel: [height, width], strides: [1, 1], pads: [0, 0, 0, 0]} as const;
    const from = this.#current;
    this.#append('mean', [1, channels, 1, 1], (output) => ({
      op: 'AveragePool',
      inputs: [from],
      outputs: [output],
      attributes,
    }));
    const flat = this.#define('flat', [1, channels]);
    const inputs = [this.#current];
    this.#nodes.push({op: 'Reshape', inputs, outputs: [flat], attributes: {shape: [1, channels]}});
    const [weight, bias] = this.#parameters(name, [outputs, channels]);
    const logits = this.#define('logits', [1, outputs]);
    this.#nodes.push({op: 'Gemm', inputs: [flat, weight, bias], outputs: [logits], attributes: {}});
    return this.#graph(logits);
  }

  /** Weight [outputs, …] and bias [outputs] of a layer, from the file. */
  #parameters(layer: string, shape: readonly [outputs: number, ...rest: number[]]): [string, string] {
    const [weight, bias] = [`${layer}.weight`, `${layer}.bias`];
    const biasShape = [shape[0]];
    this.constant(weight, shape, readWeight(this.#weights, weight, shape));
    this.constant(bias, biasShape, readFloats(this.#weights, bias, biasShape));
    return [weight, bias];
  }

  #graph(output: string): Graph {
    return {
      name: this.#name,
      inputs: this.#inputs,
      outputs: [output, ...this.#states],
      tensors: this.#tensors,
      nodes: this.#nodes,
    };
  }

  #define(name: string, shape: readonly number[]): string {
    this.#tensors.set(name, {name, type: 'float32', shape});
    return name;
  }

  #append(name: string, shape: Shape, node: (output: string) => Node): void {
    this.#nodes.push(node(this.#define(name, shape)));
    this.#current = name;
    this.#shape = shape;
  }
}
