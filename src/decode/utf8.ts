// The kernels' thread may be one without TextEncoder and TextDecoder, the audio thread for example.

const REPLACEMENT = 0xfffd;

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as with TextEncoder. Any thread. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? REPLACEMENT;
    appendCodePoint(bytes, codePoint >= 0xd800 && codePoint <= 0xdfff ? REPLACEMENT : codePoint);
  }
  return Uint8Array.from(bytes);
}

function appendCodePoint(bytes: number[], codePoint: number): void {
  if (codePoint < 0x80) {
    bytes.push(codePoint);
    return;
  }
  const followers = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
  const lead = [0, 0xc0, 0xe0, 0xf0][followers];
  bytes.push(lead | (codePoint >> (6 * followers)));
  for (let left = followers - 1; left >= 0; left--) bytes.push(0x80 | ((codePoint >> (6 * left)) & 0x3f));
}

/**
 * The text of bytes [start, end). Bytes that are no UTF-8 give some text, never an error: use it on what
 * {@link encodeUtf8} wrote. Any thread.
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let position = start; position < end;) {
    const lead = bytes[position];
    const followers = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let codePoint = followers === 0 ? lead : lead & (0x3f >> followers);
    for (let index = 1; index <= followers; index++) {
      codePoint = (codePoint << 6) | (bytes[position + index] & 0x3f);
    }
    text += String.fromCodePoint(codePoint <= 0x10ffff ? codePoint : REPLACEMENT);
    position += followers + 1;
  }
  return text;
}

/** A piece of a byte array. */
export interface ByteRange {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number; // one past the last
}

/** Order of two pieces by their bytes, which is the order of their code points: below, at or above 0. Any thread. */
export function compareBytes(a: ByteRange, b: ByteRange): number {
  const shared = Math.min(a.end - a.start, b.end - b.start);
  for (let index = 0; index < shared; index++) {
    const difference = a.bytes[a.start + index] - b.bytes[b.start + index];
    if (difference !== 0) return difference;
  }
  return a.end - a.start - (b.end - b.start);
}
