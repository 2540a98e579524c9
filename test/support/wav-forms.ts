/** How a test WAV file is to be laid out; every field has a plain default. */
export interface WavForm {
  readonly formatTag?: number; // 1 PCM, 3 float
  readonly bitsPerSample: number;
  readonly sampleRateHz?: number;
  readonly channelCount?: number;
  readonly isExtensible?: boolean;
  readonly blockBytes?: number;
  /** Overrides the length that the data chunk states. */
  readonly statedDataBytes?: number;
  /** Overrides the length that the RIFF header states. */
  readonly statedRiffBytes?: number;
  /** Chunks between the format and the data. */
  readonly extraChunks?: readonly (readonly [id: string, payload: Uint8Array])[];
  /** Bytes after the data chunk and its padding. */
  readonly trailer?: Uint8Array;
}

function chunk(id: string, payload: Uint8Array, statedBytes = payload.length): Buffer {
  const header = Buffer.alloc(8);
  header.write(id, 0, 'latin1');
  header.writeUInt32LE(statedBytes, 4);
  return Buffer.concat([header, payload, Buffer.alloc(payload.length % 2)]);
}

function formatPayload(form: WavForm): Buffer {
  const {formatTag = 1, bitsPerSample, sampleRateHz = 16_000, channelCount = 1} = form;
  const blockBytes = form.blockBytes ?? (channelCount * bitsPerSample) / 8;
  const payload = Buffer.alloc(form.isExtensible ? 40 : 16);
  payload.writeUInt16LE(form.isExtensible ? 0xfffe : formatTag, 0);
  payload.writeUInt16LE(channelCount, 2);
  payload.writeUInt32LE(sampleRateHz, 4);
  payload.writeUInt32LE((sampleRateHz * blockBytes) >>> 0, 8);
  payload.writeUInt16LE(blockBytes, 12);
  payload.writeUInt16LE(bitsPerSample, 14);
  if (!form.isExtensible) return payload;
  payload.writeUInt16LE(22, 16);
  payload.writeUInt16LE(bitsPerSample, 18);
  payload.writeUInt16LE(formatTag, 24);
  payload.set(Buffer.from('000000001000800000aa00389b71', 'hex'), 26);
  return payload;
}

/** A WAV file of the given form around the given sample bytes, interleaved and little-endian. */
export function wavFile(form: WavForm, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([
    Buffer.from('WAVE', 'latin1'),
    chunk('fmt ', formatPayload(form)),
    ...(form.extraChunks ?? []).map(([id, payload]) => chunk(id, payload)),
    chunk('data', data, form.statedDataBytes),
    form.trailer ?? new Uint8Array(0),
  ]);
  const header = Buffer.alloc(8);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(form.statedRiffBytes ?? body.length, 4);
  return new Uint8Array(Buffer.concat([header, body]));
}
