import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {wav2vec2Shapes} from '../../src/systems/wav2vec2-base/layout.ts';
import {writeSafetensors} from './safetensors.ts';
import {seededCheckpoint} from './seeded-checkpoint.ts';

/** A checkpoint of seeded weights as bytes of a safetensors file. */
async function seededSafetensors(
  shapes: Readonly<Record<string, readonly number[]>>,
): Promise<Uint8Array<ArrayBuffer>> {
  let end = 0;
  const header: Record<string, unknown> = {};
  const pieces: Uint8Array[] = [];
  for (const [name, tensor] of seededCheckpoint(shapes).tensors) {
    const values = await tensor.read();
    const begin = end;
    end += values.byteLength;
    header[name] = {dtype: 'F32', shape: tensor.shape, data_offsets: [begin, end]};
    pieces.push(new Uint8Array(values.buffer));
  }
  return new Uint8Array(writeSafetensors(header, Buffer.concat(pieces)));
}

/** A checkpoint of the wav2vec2-base layout, so narrow that it runs at once: 0.6 MB. */
export async function smallWav2Vec2(): Promise<Uint8Array<ArrayBuffer>> {
  const channels = Array<number>(7).fill(16);
  return await seededSafetensors(wav2vec2Shapes({channels, hidden: 64, layerCount: 2, inner: 96}));
}

/** A checkpoint of DeepSpeech2's layout with layers of 16 units: 1 MB. */
export async function smallDeepSpeech2(): Promise<Uint8Array<ArrayBuffer>> {
  return await seededSafetensors(deepSpeech2Shapes(16));
}
