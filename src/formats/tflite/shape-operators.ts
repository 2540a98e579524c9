import {representedValue} from '../../graph/quantisation.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {elementCount, formatNumbers, formatShape, isSameShape} from '../../graph/shape.ts';
import {addWithActivation} from './activation.ts';
import {
  type OperatorContext,
  requireConstant,
  requireInput,
  requireIntegers,
  requireOptions,
  resolveAxis,
} from './operator-context.ts';
import {CONCATENATION, OPTIONS_TYPE, REDUCER, RESHAPE} from './schema.ts';

/** RESHAPE; the new shape comes from the second input where there is one, else from the options. */
export function convertReshape(context: OperatorContext): void {
  const {builder, output} = context;
  const input = requireInput(context, 0);
  const asked =
    context.inputs[1] === undefined
      ? requireOptions(context, OPTIONS_TYPE.reshape).int32s(RESHAPE.newShape)
      : requireIntegers(context, 1);
  const shape = resolveShape(asked, elementCount(input.shape));
  if (!isSameShape(shape, output.shape)) {
    throw new ModelFormatError(
      `shape ${formatShape(output.shape)} of ${output.name}`,
      `${formatShape(shape)}, which RESHAPE asks for`,
    );
  }
  builder.addNode('Reshape', [input], output, {shape});
}

/** TRANSPOSE. */
export function convertTranspose(context: OperatorContext): void {
  const permutation = requireIntegers(context, 1);
  context.builder.addNode('Transpose', [requireInput(context, 0)], context.output, {permutation});
}

/** MEAN over constant axes. */
export function convertMean(context: OperatorContext): void {
  const input = requireInput(context, 0);
  const keepDims = requireOptions(context, OPTIONS_TYPE.reducer).bool(REDUCER.keepDims);
  const given = requireIntegers(context, 1).map((axis) => resolveAxis(context, axis, input.shape.length));
  const axes = [...new Set(given)].sort((a, b) => a - b);
  context.builder.addNode('ReduceMean', [input], context.output, {axes, keepDims});
}

/** PAD with real zeros, or PADV2 with the value of its third input. */
export function convertPad(context: OperatorContext): void {
  const {builder, output} = context;
  const input = requireInput(context, 0);
  const pairs = requireIntegers(context, 1); // [rank × 2]: before and after, dimension by dimension
  if (pairs.length !== 2 * input.shape.length) {
    throw new ModelFormatError(`${pairs.length} paddings at ${context.name}`, `${2 * input.shape.length}`);
  }
  const before = pairs.filter((_, index) => index % 2 === 0);
  const after = pairs.filter((_, index) => index % 2 === 1);
  const value = context.name === 'PADV2' ? padValue(context) : 0;
  builder.addNode('Pad', [input], output, {before, after, value});
}

/** CONCATENATION. */
export function convertConcatenation(context: OperatorContext): void {
  const {builder, output} = context;
  const options = requireOptions(context, OPTIONS_TYPE.concatenation);
  const inputs = context.inputs.map((_, index) => requireInput(context, index));
  const axis = resolveAxis(context, options.int32(CONCATENATION.axis), output.shape.length);
  addWithActivation(builder, options.uint8(CONCATENATION.activation), output, (result) => {
    builder.addNode('Concat', inputs, result, {axis});
  });
}

function padValue(context: OperatorContext): number {
  const {data, quantisation, name} = requireConstant(context, 2);
  const [stored] = data;
  if (stored === undefined || data.length !== 1) {
    throw new ModelFormatError(`${data.length} values in ${name}`, 'one, to pad with');
  }
  return quantisation === undefined ? stored : representedValue(stored, quantisation);
}

/** The shape asked for with its one −1, if any, replaced by what is left of `count` values. */
function resolveShape(asked: readonly number[], count: number): number[] {
  const unknown = asked.filter((size) => size === -1).length;
  if (unknown === 0) return [...asked];
  const known = asked.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const rest = count / known;
  if (unknown > 1 || !Number.isInteger(rest) || rest < 1) {
    throw new ModelFormatError(
      `new shape ${formatNumbers(asked)} for ${count} values`,
      'one size left to infer',
    );
  }
  return asked.map((size) => (size === -1 ? rest : size));
}
