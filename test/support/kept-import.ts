import {StoreSink} from '../../src/import/store-sink.ts';
import {sha256Hex} from '../../src/models/verify-weights.ts';
import type {Precision} from '../../src/graph/precision.ts';
import type {ModelStore} from '../../src/models/storage/model-store.ts';

/** What was imported, as its manifest is to say. */
export interface KeptImportFacts {
  readonly systemId: string;
  /** Whether the checkpoint was one that the card lists. */
  readonly verified: boolean;
  readonly precision?: Precision;
}

/** Names of the files, the manifest last. */
export const KEPT_FILES = ['model.onnx', 'model.onnx.data', 'manifest.json'];

/**
 * Keeps files as an import of a checkpoint does that was done on this device; there is no network in them.
 * @returns bytes of all of them.
 */
export async function keepImport(
  store: ModelStore,
  {systemId, verified, precision = 'int8'}: KeptImportFacts,
): Promise<number> {
  const sha256 = (verified ? 'aa' : 'bb').repeat(32);
  const sink = new StoreSink(store, {sha256, precision}, systemId);
  let bytes = 0;
  const write = async (path: string, content: Uint8Array): Promise<void> => {
    const file = await sink.create(path);
    await file.write(content);
    await file.close();
    bytes += content.length;
  };
  const files = [];
  for (const path of KEPT_FILES.slice(0, -1)) {
    const content = new TextEncoder().encode(`${path} of ${systemId} in ${precision}, ${String(verified)}`);
    await write(path, content);
    files.push({path, bytes: content.length, sha256: await sha256Hex(content)});
  }
  const value = {name: 'x', type: 'float32', shape: [1]};
  const manifest = {
    format: 1,
    system: systemId,
    precision,
    producer: 'a test',
    source: {name: 'checkpoint.pth', bytes: 1, sha256, verified, what: 'a checkpoint'},
    files,
    inputs: [value],
    outputs: [value],
  };
  await write('manifest.json', new TextEncoder().encode(JSON.stringify(manifest)));
  await sink.commit();
  return bytes;
}
