import {tensor as uploadTensor, tidy, type Tensor} from '@tensorflow/tfjs-core';
import type {Graph, Node, TensorData} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import {mergeActivations, type Layer} from './tfjs-layers.ts';
import {computePlain, type PlainOpName} from './tfjs-ops.ts';
import {useTfjsBackend, type TfjsBackend} from './tfjs-runtime.ts';
import {channelsFirstValue, toChannelsFirst, type Value} from './tfjs-value.ts';
import {createConvolution, createGemm, uploadConstant, type WeightedLayer} from './tfjs-weighted-ops.ts';

/** What has been computed so far, by the tensor's name. */
type Values = Map<string, Value>;

interface Step {
  readonly output: string;
  readonly compute: (values: Values) => Value;
}

/** A graph with its weights in TensorFlow.js's memory, as steps that run one after the other. */
export class TfjsNetwork {
  readonly #graph: Graph;
  readonly #backend: TfjsBackend;
  readonly #steps: readonly Step[];
  readonly #constants: Values = new Map();
  readonly #weights: Tensor[] = [];

  /** Uploads the weights, once, to a backend that is started. */
  constructor(graph: Graph, backend: TfjsBackend) {
    this.#graph = graph;
    this.#backend = backend;
    useTfjsBackend(backend);
    this.#steps = mergeActivations(graph).map((layer) => this.#plan(layer));
  }

  /** Runs the network; gives back all memory that the run took. */
  async run(inputs: readonly TensorData[]): Promise<readonly TensorData[]> {
    useTfjsBackend(this.#backend);
    const outputs = tidy(() => {
      const values: Values = new Map(this.#constants);
      for (const [index, name] of this.#graph.inputs.entries()) {
        const {shape} = tensorOf(this.#graph, name);
        values.set(
          name,
          channelsFirstValue(uploadTensor(inputs[index] as TensorData, [...shape], 'float32')),
        );
      }
      for (const {output, compute} of this.#steps) values.set(output, compute(values));
      // a clone: `tidy` must not take an input or constant for an output of its own
      return this.#graph.outputs.map((name) => toChannelsFirst(valueOf(values, name)).clone());
    });
    try {
      return await Promise.all(outputs.map((output) => output.data<'float32'>()));
    } finally {
      for (const output of outputs) output.dispose();
    }
  }

  /** Gives back the weights' memory. */
  dispose(): void {
    for (const {tensor} of this.#constants.values()) tensor.dispose();
    for (const weight of this.#weights) weight.dispose();
  }

  #plan({node, activation, output}: Layer): Step {
    if (node.op === 'Conv')
      return this.#planWeighted(createConvolution(node, this.#graph, activation), node, output);
    if (node.op === 'Gemm')
      return this.#planWeighted(createGemm(node, this.#graph, activation), node, output);
    const plain = node as Extract<Node, {op: PlainOpName}>;
    const [first = '', ...others] = plain.inputs;
    for (const name of plain.inputs) this.#uploadOnce(name);
    return {
      output,
      compute: (values) =>
        computePlain(plain, [valueOf(values, first), ...others.map((name) => valueOf(values, name))]),
    };
  }

  #planWeighted({compute, weights}: WeightedLayer, node: Node, output: string): Step {
    this.#weights.push(...weights);
    const [input = ''] = node.inputs;
    this.#uploadOnce(input);
    return {output, compute: (values) => compute(valueOf(values, input))};
  }

  #uploadOnce(name: string): void {
    if (!tensorOf(this.#graph, name).data || this.#constants.has(name)) return;
    this.#constants.set(name, channelsFirstValue(uploadConstant(this.#graph, name)));
  }
}

function valueOf(values: Values, name: string): Value {
  const value = values.get(name);
  if (!value) throw new ModelFormatError(`${name} read before it is computed`, 'nodes in running order');
  return value;
}
