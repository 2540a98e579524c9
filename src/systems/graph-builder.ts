import type {Graph, Node, OpAttributes, OpName, Tensor} from '../graph/graph.ts';
import {inferShapes} from '../graph/infer-shape.ts';
import {tensorOf} from '../graph/tensor-of.ts';

/** A constant whose values are read when the network is written. */
export interface LoadedConstant {
  readonly shape: readonly number[];
  readonly load: () => Promise<Float32Array>;
}

/**
 * Collects the tensors and nodes of a network of float32, node by node; what a node computes has the shape that follows
 * from its inputs. Any thread. Reads no values.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #inputs: string[] = [];
  readonly #tensors = new Map<string, Tensor>();
  readonly #nodes: Node[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Adds an input of the network; gives its name. */
  input(name: string, shape: readonly number[]): string {
    this.#inputs.push(name);
    return this.#define({name, type: 'float32', shape});
  }

  /** Adds a constant; gives its name. */
  constant(name: string, {shape, load}: LoadedConstant): string {
    return this.#define({name, type: 'float32', shape, load});
  }

  /**
   * Adds a node with one output; gives the output's name.
   * @throws ModelFormatError where inputs and attributes do not fit.
   */
  node<Op extends OpName>(
    op: Op,
    inputs: readonly string[],
    output: string,
    attributes: OpAttributes[Op],
  ): string {
    this.nodeOf(op, inputs, [output], attributes);
    return output;
  }

  /** The same for a node with several outputs. */
  nodeOf<Op extends OpName>(
    op: Op,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: OpAttributes[Op],
  ): void {
    const node = {op, inputs, outputs, attributes} as unknown as Node;
    const graph = this.finish(outputs); // so far
    const inputShapes = inputs.map((name) => tensorOf(graph, name).shape);
    const shapes = inferShapes(node, inputShapes);
    outputs.forEach((name, index) => this.#define({name, type: 'float32', shape: shapes[index] ?? []}));
    this.#nodes.push(node);
  }

  /** The network with these outputs. */
  finish(outputs: readonly string[]): Graph {
    return {name: this.#name, inputs: this.#inputs, outputs, tensors: this.#tensors, nodes: this.#nodes};
  }

  #define(tensor: Tensor): string {
    this.#tensors.set(tensor.name, tensor);
    return tensor.name;
  }
}
