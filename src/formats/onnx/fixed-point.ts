import {toFixedPoint, type FixedPoint} from '../../graph/fixed-point.ts';
import type {Lowering} from './lowering.ts';

const ONE = 2 ** 31;

/**
 * Adds the steps that multiply int64 values by a real number per channel, as TFLite's
 * `MultiplyByQuantizedMultiplier` does: the high half of the doubled product rounded half up
 * (`SaturatingRoundingDoublingHighMul`), then a shift right rounded half away from zero (`RoundingDivideByPOT`).
 * @param channelShape shape of one number per channel that broadcasts against the values; −1 for the channels.
 * @returns the name of the int64 result.
 */
export function multiplyByFixedPoint(
  name: string,
  factors: readonly number[],
  channelShape: readonly number[],
  {builder}: Lowering,
): string {
  const shape = channelShape.map((length) => (length === -1 ? factors.length : length));
  const perChannel = (valueOf: (factor: FixedPoint) => number): string =>
    builder.constant('int64', shape, factors.map(toFixedPoint).map(valueOf));
  const int64 = (value: number): string => builder.scalar('int64', value);

  // rounding half up: division cuts off towards zero, so the dividend is made positive by 2^31 multiples
  const left = builder.add('Mul', [name, perChannel(({exponent}) => 2 ** Math.max(0, exponent))]);
  const product = builder.add('Mul', [left, perChannel(({multiplier}) => multiplier)]);
  const positive = builder.add('Add', [product, int64(ONE * ONE + ONE / 2)]);
  const high = builder.add('Sub', [builder.add('Div', [positive, int64(ONE)]), int64(ONE)]);

  // rounding half away from zero: half a divisor in the direction of the sign, then the same division
  const half = perChannel(({exponent}) => Math.floor(2 ** (-exponent - 1)));
  const away = builder.add('Add', [high, builder.add('Mul', [builder.add('Sign', [high]), half])]);
  return builder.add('Div', [away, perChannel(({exponent}) => 2 ** Math.max(0, -exponent))]);
}
