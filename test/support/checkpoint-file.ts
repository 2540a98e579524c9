import {open} from 'node:fs/promises';
import type {Checkpoint} from '../../src/formats/checkpoint/checkpoint.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {writeSafetensors} from './safetensors.ts';

/** Writes a checkpoint as a safetensors file of float32, tensor by tensor. */
export async function writeCheckpointFile({tensors}: Checkpoint, path: string): Promise<void> {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, {shape}] of tensors) {
    const begin = end;
    end += 4 * elementCount(shape);
    header[name] = {dtype: 'F32', shape, data_offsets: [begin, end]};
  }
  const file = await open(path, 'w');
  try {
    await file.writeFile(writeSafetensors(header));
    for (const tensor of tensors.values()) {
      const {buffer, byteOffset, byteLength} = await tensor.read();
      await file.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
    }
  } finally {
    await file.close();
  }
}
