import type {Node, OpAttributes, OpName, Tensor} from '../../graph/graph.ts';
import {CHANNELS_FIRST, CHANNELS_LAST, permute} from '../../graph/permutation.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {formatShape} from '../../graph/shape.ts';
import type {ByteBudget} from './byte-budget.ts';
import type {TensorNames} from './tensor-names.ts';

/** Collects the nodes and tensors of a graph while the operators of a file are converted one by one. */
export class GraphBuilder {
  readonly tensors = new Map<string, Tensor>();
  readonly nodes: Node[] = [];
  /** Bytes that copies of constants may take. */
  readonly copies: ByteBudget;
  readonly #names: TensorNames;
  readonly #derived = new Map<string, Tensor>();

  /** @param names gives out the names, shared with the reader of the file's own tensors. */
  constructor(copies: ByteBudget, names: TensorNames) {
    this.copies = copies;
    this.#names = names;
  }

  /** Adds one node and the tensors it names. */
  addNode<Op extends OpName>(
    op: Op,
    inputs: readonly Tensor[],
    output: Tensor,
    attributes: OpAttributes[Op],
  ): void {
    for (const tensor of [...inputs, output]) this.tensors.set(tensor.name, tensor);
    const names = inputs.map((tensor) => tensor.name);
    this.nodes.push({op, inputs: names, outputs: [output.name], attributes} as Node);
  }

  /**
   * The tensor that `make` builds from `source` for one purpose, built at the first call only.
   * @param make gets a name that no other tensor has.
   */
  derive(source: Tensor, purpose: string, make: (name: string) => Tensor): Tensor {
    const key = `${purpose} of ${source.name}`;
    const known = this.#derived.get(key);
    if (known !== undefined) return known;
    const tensor = make(this.#names.claim(`${source.name}/${purpose}`));
    this.#derived.set(key, tensor);
    return tensor;
  }

  /** The activation as NCHW, through a Transpose of the file's NHWC tensor. */
  toChannelsFirst(tensor: Tensor): Tensor {
    return this.derive(tensor, 'nchw', (name) => {
      const result = channelsFirst(tensor, name);
      this.addNode('Transpose', [tensor], result, {permutation: CHANNELS_FIRST});
      return result;
    });
  }

  /** A tensor in NCHW for a node to write, followed by the Transpose that makes `output` of it. */
  addChannelsFirstNode<Op extends OpName>(
    op: Op,
    inputs: readonly Tensor[],
    output: Tensor,
    attributes: OpAttributes[Op],
  ): void {
    const written = this.derive(output, 'from-nchw', (name) => channelsFirst(output, name));
    this.addNode(op, inputs, written, attributes);
    this.addNode('Transpose', [written], output, {permutation: CHANNELS_LAST});
  }
}

function channelsFirst(tensor: Tensor, name: string): Tensor {
  if (tensor.shape.length !== 4) {
    throw new ModelFormatError(`shape ${formatShape(tensor.shape)} of ${tensor.name}`, '4 dimensions, NHWC');
  }
  return {...tensor, name, shape: permute(tensor.shape, CHANNELS_FIRST)};
}
