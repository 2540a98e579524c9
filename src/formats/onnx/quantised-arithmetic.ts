import {addFactors, productScale} from '../../graph/quantised-scales.ts';
import type {Activation, Lower, Lowering} from './lowering.ts';
import {cast, storeAsUint8} from './integer-steps.ts';

/**
 * Quantised addition, as XNNPACK's `vadd` kernels compute it: both inputs times a 21-bit multiplier, added as
 * integers, shifted right with rounding half up (`xnn_init_qs8_add_minmax_*_params`). Integers of up to 31 bits
 * and their halves are exact in float64, which has every operator needed; int32 has no shift in ONNX.
 */
export const lowerQuantisedAdd: Lower<'Add'> = (node, lowering) => {
  const {builder} = lowering;
  const [a, b, y] = operands(node, lowering);
  const {multipliers, shift} = addFactors([a, b], y);
  const products = [a, b].map((operand, index) => {
    const multiplier = multipliers[index] ?? 0;
    const centred = builder.add('Sub', [
      cast(operand.name, 'float64', lowering),
      builder.scalar('float64', operand.zeroPoint),
    ]);
    return builder.add('Mul', [centred, builder.scalar('float64', multiplier / 2 ** shift)]);
  });
  const halfUp = builder.add('Add', [builder.add('Add', products), builder.scalar('float64', 0.5)]);
  storeAsUint8(builder.add('Floor', [halfUp]), 'float64', y, lowering);
};

/**
 * Quantised multiplication, as XNNPACK's `vmul` kernels compute it: the product as an integer, times one float32
 * scale, rounded half to even (`xnn_init_qs8_mul_minmax_fp32_*_params`).
 */
export const lowerQuantisedMul: Lower<'Mul'> = (node, lowering) => {
  const {builder} = lowering;
  const [a, b, y] = operands(node, lowering);
  const [left, right] = [a, b].map(({name, zeroPoint}) =>
    builder.add('Sub', [cast(name, 'float32', lowering), builder.scalar('float32', zeroPoint)]),
  ) as [string, string];
  const scale = productScale(a, b, y);
  const product = builder.add('Mul', [builder.add('Mul', [left, right]), builder.scalar('float32', scale)]);
  storeAsUint8(builder.add('Round', [product]), 'float32', y, lowering);
};

function operands(
  {inputs, outputs}: {readonly inputs: readonly string[]; readonly outputs: readonly string[]},
  lowering: Lowering,
): [a: Activation, b: Activation, y: Activation] {
  const [a, b] = inputs;
  return [lowering.activation(a), lowering.activation(b), lowering.activation(outputs[0])];
}
