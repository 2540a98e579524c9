import {AudioFormatError} from '../audio-format-error.ts';
import type {BitReader} from './bit-reader.ts';

const TYPE_CONSTANT = 0;
const TYPE_VERBATIM = 1;
const TYPE_FIXED = 8; // + order, 0…4
const TYPE_LPC = 32; // + order − 1, 1…32
const MAX_FIXED_ORDER = 4;

/** Coefficients of the fixed predictors: finite differences of order 0 to 4 (RFC 9639, section 9.2.5). */
const FIXED_COEFFICIENTS: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

/**
 * Decodes one channel of a frame (RFC 9639, section 9.2). Any thread.
 * @param out [block length], overwritten.
 * @throws AudioFormatError where a reserved code stands or the residual does not fit the block.
 */
export function decodeSubframe(reader: BitReader, bitsPerSample: number, out: Int32Array): void {
  const header = reader.readUnsigned(8);
  if (header & 0x80) throw new AudioFormatError('a subframe header that begins with 1', '0');
  const wastedBits = header & 1 ? reader.readUnary() + 1 : 0;
  const bits = bitsPerSample - wastedBits;
  if (bits < 1) throw new AudioFormatError(`${wastedBits} wasted bits of ${bitsPerSample}`, 'fewer');
  decodeByType(reader, header >> 1, bits, out);
  if (wastedBits === 0) return;
  for (let index = 0; index < out.length; index++) out[index] = (out[index] ?? 0) << wastedBits;
}

function decodeByType(reader: BitReader, type: number, bits: number, out: Int32Array): void {
  if (type === TYPE_CONSTANT) {
    out.fill(reader.readSigned(bits));
  } else if (type === TYPE_VERBATIM) {
    readWarmUp(reader, bits, out.length, out);
  } else if (type >= TYPE_LPC) {
    decodeLpc(reader, bits, type - TYPE_LPC + 1, out);
  } else if (type >= TYPE_FIXED && type <= TYPE_FIXED + MAX_FIXED_ORDER) {
    const coefficients = FIXED_COEFFICIENTS[type - TYPE_FIXED] ?? [];
    readWarmUp(reader, bits, coefficients.length, out);
    readResidual(reader, coefficients.length, out);
    predict(coefficients, 0, out);
  } else {
    throw new AudioFormatError(`subframe type ${type}`, 'one that is not reserved');
  }
}

function decodeLpc(reader: BitReader, bits: number, order: number, out: Int32Array): void {
  readWarmUp(reader, bits, order, out);
  const precision = reader.readUnsigned(4) + 1;
  const shift = reader.readSigned(5);
  if (precision === 16 || shift < 0) {
    throw new AudioFormatError(`predictor precision ${precision}, shift ${shift}`, '1…15 and 0…15');
  }
  const coefficients = Array.from({length: order}, () => reader.readSigned(precision));
  readResidual(reader, order, out);
  predict(coefficients, shift, out);
}

function readWarmUp(reader: BitReader, bits: number, count: number, out: Int32Array): void {
  if (count > out.length) throw new AudioFormatError(`predictor order ${count}`, `at most ${out.length}`);
  for (let index = 0; index < count; index++) out[index] = reader.readSigned(bits);
}

/** Reads the Rice-coded residual of the samples after the first `order` (RFC 9639, section 9.2.7). */
function readResidual(reader: BitReader, order: number, out: Int32Array): void {
  const method = reader.readUnsigned(2);
  if (method > 1) throw new AudioFormatError(`residual coding method ${method}`, '0 or 1');
  const parameterBits = method === 0 ? 4 : 5;
  const escape = 2 ** parameterBits - 1;
  const partitionCount = 2 ** reader.readUnsigned(4);
  const partitionLength = out.length / partitionCount;
  if (!Number.isInteger(partitionLength) || partitionLength < order) {
    throw new AudioFormatError(`${partitionCount} partitions of ${out.length} samples`, 'whole ones');
  }
  let start = order;
  for (let partition = 1; partition <= partitionCount; partition++) {
    const end = partition * partitionLength;
    const parameter = reader.readUnsigned(parameterBits);
    if (parameter === escape) readPlain(reader, start, end, out);
    else readRice(reader, parameter, {start, end}, out);
    start = end;
  }
}

function readPlain(reader: BitReader, start: number, end: number, out: Int32Array): void {
  const bits = reader.readUnsigned(5);
  for (let index = start; index < end; index++) out[index] = reader.readSigned(bits);
}

function readRice(
  reader: BitReader,
  parameter: number,
  range: {readonly start: number; readonly end: number},
  out: Int32Array,
): void {
  const {start, end} = range;
  for (let index = start; index < end; index++) {
    const folded = (reader.readUnary() << parameter) | reader.readUnsigned(parameter);
    out[index] = (folded >>> 1) ^ -(folded & 1); // 0, −1, 1, −2, 2, …
  }
}

/**
 * Adds to each residual the prediction from the samples before it, coefficients newest first, shifted right.
 * In doubles: 25-bit samples · 15-bit coefficients · 32 terms stay below 2⁵³, so the sums are exact.
 */
function predict(coefficients: readonly number[], shift: number, out: Int32Array): void {
  const order = coefficients.length;
  const taps = Float64Array.from(coefficients);
  const scale = 2 ** -shift;
  for (let index = order; index < out.length; index++) {
    let sum = 0;
    for (let tap = 0; tap < order; tap++) sum += (taps[tap] ?? 0) * (out[index - 1 - tap] ?? 0);
    out[index] = (out[index] ?? 0) + Math.floor(sum * scale);
  }
}
