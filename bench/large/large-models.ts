import {existsSync} from 'node:fs';
import {mkdir, open, rename} from 'node:fs/promises';
import {join} from 'node:path';
import {importFile} from '../../src/cli/import-file.ts';
import type {StoredTensor} from '../../src/formats/checkpoint/checkpoint.ts';
import type {Precision} from '../../src/graph/precision.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {MANIFEST_FILE} from '../../src/import/manifest.ts';
import {repositoryPath} from '../../test/support/repository.ts';
import {seededCheckpoint} from '../../test/support/seeded-checkpoint.ts';
import {largeSystems, type LargeSystemId} from './large-systems.ts';
import {writeTransformersConfig} from './transformers-config.ts';

/** Below the repository, so that the page's server has it too; ignored by git. */
const FOLDER = '.cache/bench/large';

/**
 * A large system with seeded weights, imported as a visitor or a site would import the published checkpoint: made at the
 * first call and kept. The four networks take about 1 GB, the checkpoints 0.8.
 * @returns the folder, relative to the repository.
 */
export async function openLargeModel(systemId: LargeSystemId, precision: Precision): Promise<string> {
  const folder = join(FOLDER, `${systemId}-${precision}`);
  const path = repositoryPath(folder);
  if (existsSync(join(path, MANIFEST_FILE))) return folder;
  const {system} = largeSystems[systemId];
  await importFile({
    file: await writeCheckpoint(systemId),
    system,
    precision,
    out: path,
    allowUnverified: true,
  });
  if (systemId === 'wav2vec2-base') await writeTransformersConfig(path, system.card);
  return folder;
}

/** Writes the seeded checkpoint once, in the format of safetensors, tensor by tensor. */
async function writeCheckpoint(systemId: LargeSystemId): Promise<string> {
  const path = repositoryPath(join(FOLDER, `${systemId}.safetensors`));
  if (existsSync(path)) return path;
  await mkdir(repositoryPath(FOLDER), {recursive: true});
  const tensors = [...seededCheckpoint(largeSystems[systemId].shapes).tensors.values()];
  const part = `${path}.part`;
  const file = await open(part, 'w');
  try {
    await file.writeFile(headerOf(tensors));
    for (const tensor of tensors) await file.writeFile(new Uint8Array((await tensor.read()).buffer));
  } finally {
    await file.close();
  }
  await rename(part, path); // only whole files carry the name
  return path;
}

function headerOf(tensors: readonly StoredTensor[]): Uint8Array {
  const entries: Record<string, unknown> = {};
  let start = 0;
  for (const {name, shape} of tensors) {
    const end = start + elementCount(shape) * Float32Array.BYTES_PER_ELEMENT;
    entries[name] = {dtype: 'F32', shape, data_offsets: [start, end]};
    start = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const header = new Uint8Array(8 + text.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(text.length), true);
  header.set(text, 8);
  return header;
}
