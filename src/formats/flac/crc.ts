/** One byte's step of a most-significant-bit-first CRC of 8 or 16 bits. */
function createTable(polynomial: number, width: 8 | 16): Uint16Array {
  const topBit = 1 << (width - 1);
  const mask = (1 << width) - 1;
  return Uint16Array.from({length: 256}, (_, byte) => {
    let remainder = byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & topBit ? (remainder << 1) ^ polynomial : remainder << 1;
    }
    return remainder & mask;
  });
}

const table8 = createTable(0x07, 8);
const table16 = createTable(0x8005, 16);

/** CRC-8 of a FLAC frame header: bytes [start, end), x⁸ + x² + x + 1, from 0 (RFC 9639, section 9.1.8). Any thread. */
export function computeCrc8(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let offset = start; offset < end; offset++) crc = table8[crc ^ (bytes[offset] ?? 0)] ?? 0;
  return crc;
}

/** CRC-16 of a FLAC frame: bytes [start, end), x¹⁶ + x¹⁵ + x² + 1, from 0 (RFC 9639, section 9.3). Any thread. */
export function computeCrc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let offset = start; offset < end; offset++) {
    crc = ((crc << 8) & 0xffff) ^ (table16[(crc >>> 8) ^ (bytes[offset] ?? 0)] ?? 0);
  }
  return crc;
}
