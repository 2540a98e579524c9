import type {Activation, Lowering} from './lowering.ts';
import {elementTypeNumber} from './onnx-fields.ts';
import type {OnnxElementType} from './onnx-graph.ts';

/** Adds a conversion to another element type and gives the name of its result. */
export function cast(
  name: string,
  type: OnnxElementType,
  {builder}: Pick<Lowering, 'builder'>,
  output?: string,
): string {
  return builder.add('Cast', [name], {
    attributes: {to: {int: elementTypeNumber[type]}},
    ...(output !== undefined && {output}),
  });
}

/**
 * Adds the last steps of a quantised result: whole numbers, still without the zero point, become stored values.
 * @param type of the whole numbers; holds them, and their sum with the zero point, exactly.
 */
export function storeAsUint8(name: string, type: OnnxElementType, y: Activation, lowering: Lowering): void {
  const {builder} = lowering;
  const shifted = builder.add('Add', [name, builder.scalar(type, y.zeroPoint)]);
  const bounds = [builder.scalar(type, 0), builder.scalar(type, 255)];
  cast(builder.add('Clip', [shifted, ...bounds]), 'uint8', lowering, y.name);
}
