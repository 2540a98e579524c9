import type {Tensor, TensorData} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {FlatTable} from './flat-table.ts';
import type {GraphBuilder} from './graph-builder.ts';

/** A tensor whose values the file holds. */
export type ConstantTensor = Tensor & {readonly data: TensorData};

/** One operator of the file, as its converter sees it. */
export interface OperatorContext {
  /** Name in the schema: `CONV_2D`. */
  readonly name: string;
  /** Inputs in the schema's order; undefined where an optional one is left out. */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly output: Tensor;
  readonly optionsType: number;
  readonly options: FlatTable | undefined;
  readonly builder: GraphBuilder;
}

/** The input of this index. @throws ModelFormatError where the file leaves it out. */
export function requireInput(context: OperatorContext, index: number): Tensor {
  const tensor = context.inputs[index];
  if (tensor === undefined) throw new ModelFormatError(`${context.name} without input ${index}`, 'a tensor');
  return tensor;
}

/** The input of this index, whose values must be in the file. @throws ModelFormatError where they are not. */
export function requireConstant(context: OperatorContext, index: number): ConstantTensor {
  const tensor = requireInput(context, index);
  if (tensor.data === undefined) {
    throw new ModelFormatError(
      `${tensor.name}, computed at run time, as input ${index} of ${context.name}`,
      'a constant',
    );
  }
  return tensor as ConstantTensor;
}

/** Values of a whole-number constant input: a shape, axes, paddings. @throws ModelFormatError for other types. */
export function requireIntegers(context: OperatorContext, index: number): number[] {
  const {data, type, name} = requireConstant(context, index);
  if (type !== 'int32' && type !== 'int64') {
    throw new ModelFormatError(`${type} tensor ${name} at ${context.name}`, 'int32 or int64');
  }
  return Array.from(data);
}

/** The operator's options of one union member. @throws ModelFormatError where they are absent or of another. */
export function requireOptions(context: OperatorContext, type: number): FlatTable {
  if (context.options !== undefined && context.optionsType === type) return context.options;
  const got = context.options === undefined ? 'none' : `of type ${context.optionsType}`;
  throw new ModelFormatError(`options of ${context.name} ${got}`, `options of type ${type}`);
}

/** An axis counted from the front; negative ones count from the end. @throws ModelFormatError out of range. */
export function resolveAxis(context: OperatorContext, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (resolved >= 0 && resolved < rank) return resolved;
  throw new ModelFormatError(`axis ${axis} of ${context.name}`, `an axis of ${rank} dimensions`);
}
