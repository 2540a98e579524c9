import {quantisedBound} from '../../graph/lookup-tables.ts';
import {UINT8_SHIFT} from '../../formats/onnx/uint8-shift.ts';
import {at} from './blocks.ts';
import {requireSameQuantisation} from '../../graph/quantised-scales.ts';
import type {NodeOf, ProgramBuilder} from './program-builder.ts';
import {bytesOf, graphOrder, stridesOf, type Value, type WalkAxis} from './values.ts';

/** Lowers a Reshape: nothing moves once the elements lie in the graph's order. */
export function lowerReshape(node: NodeOf<'Reshape'>, builder: ProgramBuilder): void {
  const value = builder.value(node.inputs[0]);
  const {buffer, type} = builder.inOrder(value, graphOrder(value.shape.length));
  const {shape} = node.attributes;
  builder.define(node.outputs[0], {buffer, type, shape, order: graphOrder(shape.length)});
}

/** Lowers a Transpose: the axes get other names, and the elements stay. */
export function lowerTranspose(node: NodeOf<'Transpose'>, builder: ProgramBuilder): void {
  const {buffer, type, order} = builder.value(node.inputs[0]);
  const {permutation} = node.attributes;
  builder.define(node.outputs[0], {
    buffer,
    type,
    shape: builder.tensor(node.outputs[0]).shape,
    order: order.map((axis) => permutation.indexOf(axis)),
  });
}

/** Lowers a Pad: all is filled, then the inside copied. */
export function lowerPad(node: NodeOf<'Pad'>, builder: ProgramBuilder): void {
  const {before, value} = node.attributes;
  const [x, y] = [builder.activation(node.inputs[0]), builder.activation(node.outputs[0])];
  requireSameQuantisation(node, [x, y]);
  const filler = quantisedBound(value, {...y, zeroPoint: y.zeroPoint + UINT8_SHIFT}) - UINT8_SHIFT;
  const inside = builder.value(node.inputs[0]);
  const output = builder.newOutput(node.outputs[0], inside.order);
  builder.add('fill', {output: at(output.buffer), count: bytesOf(output), value: filler});
  copyInto(builder, {from: inside, to: output, toStart: before});
}

/** Lowers a Concat: each part is copied to its place. */
export function lowerConcat(node: NodeOf<'Concat'>, builder: ProgramBuilder): void {
  const {axis} = node.attributes;
  const parts = node.inputs.map((name) => builder.value(name));
  const output = builder.newOutput(node.outputs[0], parts[0]?.order);
  const toStart = new Array<number>(output.shape.length).fill(0);
  for (const part of parts) {
    copyInto(builder, {from: part, to: output, toStart});
    toStart[axis] = (toStart[axis] as number) + (part.shape[axis] as number);
  }
}

/** Lowers a Slice: what is kept is copied. */
export function lowerSlice(node: NodeOf<'Slice'>, builder: ProgramBuilder): void {
  const {axes, starts} = node.attributes;
  const from = builder.value(node.inputs[0]);
  const to = builder.newOutput(node.outputs[0], from.order);
  const fromStart = from.shape.map((_, axis) => starts[axes.indexOf(axis)] ?? 0);
  copyInto(builder, {from, to, fromStart});
}

interface Move {
  readonly from: Value;
  readonly to: Value;
  /** Where the part begins, along each axis of the graph; at its start where absent. */
  readonly fromStart?: readonly number[];
  readonly toStart?: readonly number[];
}

/** Copies the part that both tensors have. */
function copyInto(builder: ProgramBuilder, {from, to, fromStart, toStart}: Move): void {
  const [fromSteps, toSteps] = [stridesOf(from), stridesOf(to)];
  const axes = to.order.map((axis): WalkAxis => [
    Math.min(from.shape[axis] as number, to.shape[axis] as number),
    fromSteps[axis] as number,
    toSteps[axis] as number,
  ]);
  const offset = (start: readonly number[] | undefined, steps: readonly number[]): number =>
    (start ?? []).reduce((sum, index, axis) => sum + index * (steps[axis] as number), 0);
  builder.copy(
    at(from.buffer, offset(fromStart, fromSteps)),
    at(to.buffer, offset(toStart, toSteps)),
    axes,
    to,
  );
}
