import {ModelFormatError} from '../../graph/model-format-error.ts';
import {addFactors, productScale, type OneScale} from '../../graph/quantised-scales.ts';
import {at, floatField, type Place} from './blocks.ts';
import type {NodeOf, ProgramBuilder} from './program-builder.ts';
import {mergeAxes, stridesOf, type Value, type WalkAxis} from './values.ts';

/** How far a sum may be shifted within 64 bits. */
const MAX_SHIFT = 62;

/** Lowers an addition at fixed point. @throws ModelFormatError where the output's scale is out of all proportion. */
export function lowerAdd(node: NodeOf<'Add'>, builder: ProgramBuilder): void {
  const [a, b, y] = scalesOf(node, builder);
  const {multipliers, shift} = addFactors([a, b], y);
  if (shift < 1 || shift > MAX_SHIFT) {
    throw new ModelFormatError(
      `Add of scales ${a.scale} and ${b.scale} to ${y.scale}`,
      'scales of one order',
    );
  }
  const [leftMultiplier = 0, rightMultiplier = 0] = multipliers;
  builder.add('add', {...binaryFields(node, builder), leftMultiplier, rightMultiplier, shift});
}

/** Lowers a multiplication. */
export function lowerMul(node: NodeOf<'Mul'>, builder: ProgramBuilder): void {
  const [a, b, y] = scalesOf(node, builder);
  builder.add('multiply', {...binaryFields(node, builder), scale: floatField(productScale(a, b, y))});
}

function scalesOf(
  node: NodeOf<'Add' | 'Mul'>,
  builder: ProgramBuilder,
): [a: OneScale, b: OneScale, y: OneScale] {
  const [a, b] = node.inputs;
  return [builder.activation(a), builder.activation(b), builder.activation(node.outputs[0])];
}

/** Both operands stretched to the output, which lies as that of them does that needs no stretching. */
function binaryFields(
  node: NodeOf<'Add' | 'Mul'>,
  builder: ProgramBuilder,
): Record<'left' | 'right' | 'output' | 'axes', Place> &
  Record<'rank' | 'leftZeroPoint' | 'rightZeroPoint' | 'zeroPoint', number> {
  const [a, b, y] = scalesOf(node, builder);
  const [left, right] = [builder.value(node.inputs[0]), builder.value(node.inputs[1])];
  const {shape} = builder.tensor(node.outputs[0]);
  const whole = [left, right].find((value) => value.shape.join() === shape.join());
  const output = builder.newOutput(node.outputs[0], whole?.order);
  const [leftSteps, rightSteps, steps] = [
    stretchedSteps(left, output),
    stretchedSteps(right, output),
    stridesOf(output),
  ];
  const axes = output.order.map((axis): WalkAxis => [
    shape[axis] as number,
    leftSteps[axis] as number,
    rightSteps[axis] as number,
    steps[axis] as number,
  ]);
  const merged = mergeAxes(axes);
  return {
    left: at(left.buffer),
    right: at(right.buffer),
    output: at(output.buffer),
    rank: merged.length,
    axes: builder.integers(merged.flat()),
    leftZeroPoint: a.zeroPoint,
    rightZeroPoint: b.zeroPoint,
    zeroPoint: y.zeroPoint,
  };
}

/** Steps of an operand along the output's axes: 0 where one of its elements meets several. */
function stretchedSteps(value: Value, output: Value): readonly number[] {
  const missing = output.shape.length - value.shape.length;
  const steps = stridesOf(value);
  return output.shape.map((_, axis) =>
    (value.shape[axis - missing] ?? 1) === 1 ? 0 : (steps[axis - missing] as number),
  );
}
