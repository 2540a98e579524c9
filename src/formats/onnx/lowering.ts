import type {Graph, Node, OpName, Tensor, TensorData} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {tensorOf} from '../../graph/tensor-of.ts';
import type {OnnxValue} from './onnx-graph.ts';
import {littleEndianBytes, type OnnxBuilder} from './onnx-builder.ts';
import {isShifted, shiftToUint8, storedType, UINT8_SHIFT} from './uint8-shift.ts';

/** The node of one op. */
export type NodeOf<Op extends OpName> = Extract<Node, {op: Op}>;

/** How one node is said in ONNX: adds nodes whose last result has the name of the node's output. */
export type Lower<Op extends OpName> = (node: NodeOf<Op>, lowering: Lowering) => void;

/** A way to say every op. */
export type LowerTable = {readonly [Op in OpName]: Lower<Op>};

/** A quantised tensor of activations: its name in the ONNX network, and how its uint8 values are to be read. */
export interface Activation {
  readonly name: string;
  readonly scale: number;
  readonly zeroPoint: number; // 0…255
  readonly shift: number; // how much higher the values are here than in the graph: 128 or 0
}

/** What lowering one graph works with: the graph's tensors and the network that is being built. */
export class Lowering {
  readonly builder: OnnxBuilder;
  readonly #graph: Graph;

  constructor(graph: Graph, builder: OnnxBuilder) {
    this.#graph = graph;
    this.builder = builder;
  }

  /** @throws ModelFormatError where the graph names a tensor that it does not hold. */
  tensor(name: string | undefined): Tensor {
    return tensorOf(this.#graph, name);
  }

  /** Name of a tensor as it is, added as a constant where it is one: floats, weights, biases. */
  plain(name: string | undefined): string {
    const tensor = this.tensor(name);
    if (tensor.load) return this.#deferred(tensor);
    if (!tensor.data) return tensor.name;
    return this.builder.constant(tensor.type, tensor.shape, tensor.data, tensor.name);
  }

  #deferred(tensor: Tensor): string {
    const {name, type, shape} = tensor;
    this.derived(name, [{name, type, shape}], (values) => [values]);
    return tensor.name;
  }

  /**
   * Adds constants that are made of one float32 constant of the graph: now, or when it is loaded to be written.
   * @param derive gives the elements of each, row-major, of its type.
   * @throws ModelFormatError where the graph's is no such constant.
   */
  derived(
    name: string | undefined,
    constants: readonly OnnxValue[],
    derive: (values: Float32Array) => readonly TensorData[],
  ): void {
    const {load, data} = this.tensor(name);
    if (load) {
      const bytesOf = (values: TensorData, index: number): Uint8Array =>
        littleEndianBytes(constants[index]?.type ?? 'float32', values);
      this.builder.deferred({constants, load: async () => derive(await load()).map(bytesOf)});
    } else if (data instanceof Float32Array) {
      derive(data).forEach((values, index) => {
        const constant = constants[index] as OnnxValue;
        this.builder.constant(constant.type, constant.shape, values, constant.name);
      });
    } else {
      throw new ModelFormatError(`weights ${String(name)}`, 'a float32 constant');
    }
  }

  /** Name of a tensor on its way through the network: constants with quantisation come shifted to uint8. */
  moved(name: string | undefined): string {
    const tensor = this.tensor(name);
    if (!tensor.data || !isShifted(tensor)) return this.plain(name);
    const values = shiftToUint8(tensor.data);
    return this.builder.constant('uint8', tensor.shape, values, `/earshot/shifted/${tensor.name}`);
  }

  /**
   * A quantised tensor of activations.
   * @throws ModelFormatError where it is not 8 bits wide with one scale for all.
   */
  activation(name: string | undefined): Activation {
    const tensor = this.tensor(name);
    const {quantisation} = tensor;
    const [scale, zeroPoint] = [quantisation?.scale[0], quantisation?.zeroPoint[0]];
    if (storedType(tensor) !== 'uint8' || quantisation?.scale.length !== 1 || scale === undefined) {
      throw new ModelFormatError(
        `activations ${tensor.name} of ${tensor.type} with ${quantisation?.scale.length ?? 0} scales`,
        '8-bit activations with one scale',
      );
    }
    const shift = isShifted(tensor) ? UINT8_SHIFT : 0;
    return {name: this.moved(name), scale, zeroPoint: (zeroPoint ?? 0) + shift, shift};
  }

  /** Constants for a scale and a zero point, in the order in which every quantised operator takes them. */
  quantisation({scale, zeroPoint}: Activation): [string, string] {
    return [this.builder.scalar('float32', scale), this.builder.scalar('uint8', zeroPoint)];
  }
}
