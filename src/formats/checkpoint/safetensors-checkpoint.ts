import type {SizedRandomAccess} from '../random-access.ts';
import {
  parseSafetensorsHeader,
  readSafetensorsHeaderLength,
  SAFETENSORS_LENGTH_BYTES,
} from '../safetensors-header.ts';
import type {Checkpoint, StoredTensor} from './checkpoint.ts';
import {ELEMENT_BYTES, toFloat32} from './element-types.ts';
import {readExactly} from './file-bytes.ts';

/** Opens a safetensors file: reads its header. @throws ModelFormatError where the file breaks the format. */
export async function openSafetensors(file: SizedRandomAccess): Promise<Checkpoint> {
  const start = await readExactly(file, 0, SAFETENSORS_LENGTH_BYTES, 'the length of a safetensors header');
  const headerBytes = readSafetensorsHeaderLength(start, file.sizeBytes);
  const header = await readExactly(file, SAFETENSORS_LENGTH_BYTES, headerBytes, 'a safetensors header');
  const dataStart = SAFETENSORS_LENGTH_BYTES + headerBytes;
  const {entries, metadata} = parseSafetensorsHeader(header, file.sizeBytes - dataStart, ELEMENT_BYTES);
  const tensors = entries.map(({name, type, shape, begin, end}): [string, StoredTensor] => {
    const read = async (): Promise<Float32Array> =>
      toFloat32(type, await readExactly(file, dataStart + begin, end - begin, `tensor "${name}"`));
    return [name, {name, type, shape, read}];
  });
  return {format: 'safetensors', tensors: new Map(tensors), metadata};
}
