import {float16ToFloat32} from '../float16.ts';

/** Element types of a checkpoint's tensors, named as safetensors does. */
export type ElementType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/**
 * Elements as float32, rounded where the type holds more. All hosts that run WebAssembly are little-endian in
 * practice, as checkpoints are. Any thread; the result may take over the buffer of `bytes` where it holds nothing else.
 * @param bytes a whole number of elements.
 */
export function toFloat32(type: ElementType, bytes: Uint8Array): Float32Array {
  const buffer = ownBuffer(bytes);
  switch (type) {
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return float16ToFloat32(new Uint16Array(buffer));
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(buffer));
    case 'I16':
      return Float32Array.from(new Int16Array(buffer));
    case 'I8':
      return Float32Array.from(new Int8Array(buffer));
    case 'U8':
    case 'BOOL':
      return Float32Array.from(new Uint8Array(buffer));
  }
}

/** A buffer that holds these bytes alone, so that it is aligned and shares nothing with a file in memory. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const {buffer, byteLength} = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return buffer;
  const copy = new Uint8Array(byteLength);
  copy.set(bytes);
  return copy.buffer;
}

/** A bfloat16 is the upper half of a float32. */
function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  halves.forEach((half, index) => {
    bits[index] = half << 16;
  });
  return new Float32Array(bits.buffer);
}
