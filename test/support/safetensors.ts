/** Bytes of a safetensors file with this header (an object, or the raw text) and this data. */
export function writeSafetensors(
  header: Readonly<Record<string, unknown>> | string,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
