import type {Checkpoint} from '../../src/formats/checkpoint/checkpoint.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {writeSafetensors} from './safetensors.ts';

/** The bytes of a checkpoint as a safetensors file of float32. */
export async function writeCheckpointFile({tensors}: Checkpoint): Promise<Uint8Array> {
  let end = 0;
  const header: Record<string, unknown> = {};
  const values: Uint8Array[] = [];
  for (const [name, tensor] of tensors) {
    const begin = end;
    end += 4 * elementCount(tensor.shape);
    header[name] = {dtype: 'F32', shape: tensor.shape, data_offsets: [begin, end]};
    const {buffer, byteOffset, byteLength} = await tensor.read();
    values.push(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return writeSafetensors(header, Buffer.concat(values));
}
