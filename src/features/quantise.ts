/** 1.5 · 2⁵²: a double this large has no fraction left, so adding and taking it away rounds half to even. */
const ROUND_HALF_EVEN = 6755399441055744;
const INT8_MIN = -128;
const INT8_MAX = 127;

/**
 * Writes int8 values: clamp(round(value / scale + zeroPoint), −128, 127).
 *
 * Halves are rounded to the even neighbour, as numpy's `round`/`rint` and ONNX's QuantizeLinear do. TFLite's own
 * Quantize op rounds halves away from zero (`TfLiteRound`); the two differ only on exact halves. Out of range
 * saturates, which the keyword models intend (loud c0 and digital silence); NaN becomes 0.
 * @param values [n].
 * @param scale above 0; computed with in double precision.
 * @param zeroPoint an integer in −128…127.
 * @param out [≥ n], written from 0.
 * Any thread. Allocates nothing.
 */
export function quantiseInto(values: Float32Array, scale: number, zeroPoint: number, out: Int8Array): void {
  for (let index = 0; index < values.length; index++) {
    const exact = values[index] / scale + zeroPoint;
    const clamped = exact < INT8_MIN ? INT8_MIN : exact > INT8_MAX ? INT8_MAX : exact;
    out[index] = clamped + ROUND_HALF_EVEN - ROUND_HALF_EVEN;
  }
}

/**
 * Writes the real values of int8 ones: (value − zeroPoint) · scale.
 * @param values [n].
 * @param out [≥ n], written from 0.
 * Any thread. Allocates nothing.
 */
export function dequantiseInto(values: Int8Array, scale: number, zeroPoint: number, out: Float32Array): void {
  for (let index = 0; index < values.length; index++) out[index] = (values[index] - zeroPoint) * scale;
}
