import {isConstant, type Graph, type Node, type TensorData} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {elementCount, isSameShape} from '../graph/shape.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import {mergeActivations, type Layer} from './tfjs-layers.ts';
import {useTfjsBackend} from './tfjs-runtime.ts';
import {CHANNELS_LAST_ORDER} from './tfjs-value.ts';
import {readChannelsFirst, TfjsWasmMemory, writeChannelsFirst, type Place} from './tfjs-wasm-memory.ts';
import {planConvolution, planJoin, planRows, planSum, type WasmStep} from './tfjs-wasm-steps.ts';

const HEIGHT = 2;

/**
 * Whether a network is one to plan: it carries states, so that it runs many times a second, and is made of convolutions
 * over one batch of rows.
 */
export function isPlannable(graph: Graph): boolean {
  return graph.inputs.length > 1 && mergeActivations(graph).every((layer) => isPlannableLayer(graph, layer));
}

function isPlannableLayer(graph: Graph, {node, output}: Layer): boolean {
  const shapes = [node.inputs[0], output].map((name) => tensorOf(graph, name).shape);
  if (shapes.some(([batchSize, ...sizes]) => batchSize !== 1 || sizes.length !== 3)) return false;
  switch (node.op) {
    case 'Conv':
      return !isConstant(tensorOf(graph, node.inputs[0]));
    case 'Concat':
      return node.attributes.axis === HEIGHT && areComputed(graph, node);
    case 'Slice':
      return isSameShape(node.attributes.axes, [HEIGHT]) && areComputed(graph, node);
    case 'Add':
      return areComputed(graph, node) && isSameShape(...(shapes as [number[], number[]]));
    case 'Transpose':
      return isSameShape(node.attributes.permutation, CHANNELS_LAST_ORDER) && graph.outputs.includes(output);
    default:
      return false;
  }
}

function areComputed(graph: Graph, {inputs}: Node): boolean {
  return inputs.every((name) => !isConstant(tensorOf(graph, name)));
}

/**
 * A network in TensorFlow.js's WebAssembly with each value at a place of its own: planned once, run many times. It gives
 * the same bits as `TfjsNetwork`, whose runs leave half a megabyte of garbage each; a run of this one allocates next to
 * nothing. Worker or Node.
 */
export class PlannedTfjsNetwork {
  readonly #memory: TfjsWasmMemory;
  readonly #places = new Map<string, Place>();
  readonly #inputs: readonly Place[];
  readonly #steps: readonly WasmStep[];
  readonly #outputs: readonly Place[];
  readonly #results: readonly Float32Array[]; // one for each output

  /** Uploads the weights, once, to the started backend, and takes memory for all values. The graph is plannable. */
  constructor(graph: Graph) {
    useTfjsBackend('wasm');
    this.#memory = new TfjsWasmMemory();
    this.#inputs = graph.inputs.map((name) => this.#take(graph, name));
    this.#steps = mergeActivations(graph).flatMap((layer) => this.#plan(graph, layer));
    this.#outputs = graph.outputs.map((name) => this.#placeOf(name));
    this.#results = this.#outputs.map(({shape}) => new Float32Array(elementCount(shape)));
  }

  /** Runs the network; what it gives is written anew by the next run. */
  run(inputs: readonly TensorData[]): Promise<readonly TensorData[]> {
    const {floats} = this.#memory;
    for (let index = 0; index < inputs.length; index++) {
      writeChannelsFirst(inputs[index] as Float32Array, floats, this.#inputs[index] as Place);
    }
    for (let index = 0; index < this.#steps.length; index++) (this.#steps[index] as WasmStep)();
    const computed = this.#memory.floats; // kernels may have taken more memory
    for (let index = 0; index < this.#outputs.length; index++) {
      readChannelsFirst(computed, this.#outputs[index] as Place, this.#results[index] as Float32Array);
    }
    return Promise.resolve(this.#results);
  }

  /** Gives back all memory. */
  dispose(): void {
    this.#memory.free();
  }

  #plan(graph: Graph, {node, activation, output}: Layer): readonly WasmStep[] {
    const memory = this.#memory;
    const x = this.#placeOf(node.inputs[0]);
    if (node.op === 'Transpose') {
      this.#places.set(output, {...x, shape: [1, 1, 1, elementCount(x.shape)]}); // as it lies
      return [];
    }
    const out = this.#take(graph, output);
    switch (node.op) {
      case 'Conv':
        return [planConvolution(memory, {graph, node, activation}, {x, out})];
      case 'Concat':
        return [
          planJoin(
            memory,
            node.inputs.map((name) => this.#placeOf(name)),
            out,
          ),
        ];
      case 'Slice':
        return [planRows(memory, {x, firstRow: node.attributes.starts[0] ?? 0}, out)];
      case 'Add':
        return [planSum(memory, [x, this.#placeOf(node.inputs[1])], out)];
      default:
        throw new ModelFormatError(`op ${node.op}`, 'a plannable network');
    }
  }

  #take(graph: Graph, name: string): Place {
    const place = this.#memory.take(tensorOf(graph, name).shape);
    this.#places.set(name, place);
    return place;
  }

  #placeOf(name: string | undefined): Place {
    const place = this.#places.get(name ?? '');
    if (!place)
      throw new ModelFormatError(`${String(name)} read before it is computed`, 'nodes in running order');
    return place;
  }
}
