import type {ElementType, Quantisation} from './graph.ts';

/** Smallest and largest value of each type that can be quantised. */
const QUANTISED_LIMITS: Partial<Record<ElementType, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
};

/** Smallest and largest stored value of a quantised activation type, or undefined for the other types. */
export function quantisedLimits(type: ElementType): readonly [number, number] | undefined {
  return QUANTISED_LIMITS[type];
}

/** Whether two tensors map stored values to real ones in the same way. */
export function isSameQuantisation(a: Quantisation | undefined, b: Quantisation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.scale.length === b.scale.length &&
    a.scale.every((scale, channel) => scale === b.scale[channel]) &&
    a.zeroPoint.every((zeroPoint, channel) => zeroPoint === b.zeroPoint[channel]) &&
    (a.scale.length === 1 || a.axis === b.axis)
  );
}

/**
 * The real values between which a per-tensor quantised tensor saturates, [low, high].
 * @throws RangeError where the tensor's type has no limits or the quantisation is per channel.
 */
export function representableRange(type: ElementType, quantisation: Quantisation): [number, number] {
  const limits = quantisedLimits(type);
  const [scale, zeroPoint] = [quantisation.scale[0], quantisation.zeroPoint[0]];
  if (limits === undefined || scale === undefined || zeroPoint === undefined) {
    throw new RangeError(`got type ${type}, expected a quantised int8 or uint8 tensor`);
  }
  if (quantisation.scale.length !== 1) {
    throw new RangeError(`got ${quantisation.scale.length} scales, expected one for the whole tensor`);
  }
  return [scale * (limits[0] - zeroPoint), scale * (limits[1] - zeroPoint)];
}

/**
 * Whether clamping to [min, max] changes no stored value of the tensor: both bounds, quantised as TFLite does
 * (CalculateActivationRangeQuantized: round half away from zero of the float32 quotient), lie at or outside the
 * limits of the type. RELU6 on a tensor of range 0…6 is the usual case.
 */
export function isClampIdle(
  type: ElementType,
  quantisation: Quantisation,
  [min, max]: readonly [number, number],
): boolean {
  const limits = quantisedLimits(type);
  if (limits === undefined || quantisation.scale.length !== 1) return false;
  const [scale = 1, zeroPoint = 0] = [quantisation.scale[0], quantisation.zeroPoint[0]];
  const toStored = (real: number): number => zeroPoint + roundHalfAway(real / scale);
  return toStored(min) <= limits[0] && toStored(max) >= limits[1];
}

function roundHalfAway(value: number): number {
  const quotient = Math.fround(value);
  return Math.sign(quotient) * Math.floor(Math.abs(quotient) + 0.5);
}

/** The real value that a per-tensor quantised value stands for. */
export function representedValue(stored: number, {scale, zeroPoint}: Quantisation): number {
  return Math.fround((scale[0] as number) * (stored - (zeroPoint[0] as number)));
}
