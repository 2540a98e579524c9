import {createHash} from 'node:crypto';
import {describe, expect, it, vi} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import {openOnnxFiles} from '../../../src/engine/engines.ts';
import {randomAccessOf} from '../../../src/formats/random-access.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {BlobSink} from '../../../src/import/blob-sink.ts';
import {importCheckpoint, type ImportRequest} from '../../../src/import/import-checkpoint.ts';
import {networkOf, readImported} from '../../../src/import/imported-network.ts';
import {readManifest} from '../../../src/import/read-manifest.ts';
import {ModelIntegrityError} from '../../../src/models/model-integrity-error.ts';
import {maxAbsDifference} from '../../support/arrays.ts';
import {
  FAKE_WEIGHT_BYTES,
  fakeCheckpointFile,
  fakeCheckpointSystem,
  fakeLogits,
  fakeTensors,
} from '../../support/fake-checkpoint-system.ts';
import {seededRandom} from '../../support/prng.ts';

const bytes = fakeCheckpointFile();
const sha256 = createHash('sha256').update(bytes).digest('hex');
const sha384 = createHash('sha384').update(bytes).digest('hex');
const ROWS = seededRandom(3).samples(7 * 4);

const pinned = {id: 'fake-checkpoint', accepted: []};

function requestFor(change: Partial<ImportRequest> = {}, file = bytes) {
  const request: ImportRequest = {
    file: {...randomAccessOf(new Blob([file])), name: 'fake.pth'},
    system: fakeCheckpointSystem(),
    precision: 'float32',
    sink: new BlobSink(),
    ...change,
  };
  return request;
}

async function runOn(network: Awaited<ReturnType<typeof networkOf>>): Promise<ArrayLike<number>> {
  const model = await openOnnxFiles(network, {numerics: network.numerics, assets: nodeEngineAssets()});
  const [output = []] = await model.run([ROWS]);
  model.dispose();
  return output;
}

describe('an imported checkpoint', () => {
  it.each([
    ['float32', 'float32', 1e-5],
    ['int8', 'int8-dynamic', 0.03],
  ] as const)(
    'in %s runs as %s, its values those of the checkpoint',
    async (precision, numerics, tolerance) => {
      const sink = new BlobSink();
      const manifest = await importCheckpoint(requestFor({sink, precision}));
      const network = await networkOf(manifest, sink.files);
      expect(network.numerics).toBe(numerics);
      const expected = fakeLogits(ROWS);
      const range = Math.max(...expected) - Math.min(...expected);
      expect(maxAbsDifference(await runOn(network), expected) / range).toBeLessThan(tolerance);
    },
  );

  it('is described by a manifest, which is among the files and names the others by their digests', async () => {
    const sink = new BlobSink();
    const manifest = await importCheckpoint(requestFor({sink}));
    expect(manifest).toMatchObject({
      system: 'fake-checkpoint',
      precision: 'float32',
      producer: 'earshot 0.1.0',
      source: {name: 'fake.pth', bytes: bytes.length, sha256, verified: false, what: 'an unverified file'},
      inputs: [{name: 'x', type: 'float32', shape: [1, -1, 4]}],
      outputs: [{name: 'y', type: 'float32', shape: [1, -1, 4]}],
    });
    expect([...sink.files.keys()]).toEqual(['model.onnx.data', 'model.onnx', 'manifest.json']);
    expect(manifest.files.map(({path}) => path)).toEqual(['model.onnx.data', 'model.onnx']);
    for (const file of manifest.files) {
      const written = new Uint8Array(await sink.files.get(file.path)!.arrayBuffer());
      expect(file.bytes).toBe(written.length);
      expect(file.sha256).toBe(createHash('sha256').update(written).digest('hex'));
    }
    expect(readManifest(await sink.files.get('manifest.json')!.text())).toEqual(manifest);
  });

  it('tells how far it is, in bytes of the checkpoint and then of the weights', async () => {
    const onProgress = vi.fn();
    await importCheckpoint(requestFor({onProgress}));
    const calls = onProgress.mock.calls.map(([progress]) => progress as Record<string, unknown>);
    expect(calls.at(0)).toEqual({phase: 'verify', doneBytes: bytes.length, totalBytes: bytes.length});
    expect(calls.at(-1)).toEqual({
      phase: 'import',
      doneBytes: FAKE_WEIGHT_BYTES,
      totalBytes: FAKE_WEIGHT_BYTES,
    });
  });
});

describe('the checkpoint', () => {
  it.each([
    ['SHA-256', {sha256}],
    ['SHA-384', {sha384}],
  ])('is verified where the card lists its %s', async (_, digest) => {
    const accepted = [{...digest, bytes: bytes.length, what: 'the published file'}];
    const {source} = await importCheckpoint(requestFor({system: fakeCheckpointSystem(accepted)}));
    expect(source).toMatchObject({sha256, verified: true, what: 'the published file'});
  });

  it('is refused, before it is parsed, where the card lists others, unless that is allowed', async () => {
    const accepted = [{sha384: '0'.repeat(96), bytes: 1, what: 'the published file'}];
    const system = fakeCheckpointSystem(accepted);
    const garbage = new Uint8Array(100);
    await expect(importCheckpoint(requestFor({system}, garbage))).rejects.toThrow(ModelIntegrityError);
    const {source} = await importCheckpoint(requestFor({system, allowUnverified: true}));
    expect(source).toMatchObject({sha256, verified: false});
  });

  it('is refused where it is none, and where its tensors are not those of the system', async () => {
    const garbage = new Uint8Array(100).fill(7);
    await expect(importCheckpoint(requestFor({}, garbage))).rejects.toThrow(ModelFormatError);
    const others = Object.fromEntries(
      Object.entries(fakeTensors).filter(([name]) => name !== 'square.weight'),
    );
    const lacking = importCheckpoint(requestFor({}, fakeCheckpointFile(others)));
    await expect(lacking).rejects.toThrow(
      'got no square.weight, expected tensors encoder.weight, square.weight',
    );
    const narrow = {...fakeTensors, 'square.weight': new Float32Array(64)};
    const narrowed = importCheckpoint(requestFor({}, fakeCheckpointFile(narrow)));
    await expect(narrowed).rejects.toThrow(ModelFormatError);
  });

  it('is refused in a precision that the system does not have', async () => {
    const system = {...fakeCheckpointSystem(), precisions: ['float32'] as const};
    const importing = importCheckpoint(requestFor({system, precision: 'int8'}));
    await expect(importing).rejects.toThrow('fake-checkpoint: got precision int8, expected float32');
  });
});

describe('an import that does not come to its end', () => {
  it.each(['verify', 'import'])('is called off while it does %s, and leaves nothing', async (phase) => {
    const calledOff = new AbortController();
    const reason = new DOMException('enough', 'AbortError');
    const sink = new BlobSink();
    const commit = vi.spyOn(sink, 'commit');
    const importing = importCheckpoint(
      requestFor({
        sink,
        signal: calledOff.signal,
        onProgress: (progress) => {
          if (progress.phase === phase) calledOff.abort(reason);
        },
      }),
    );
    await expect(importing).rejects.toBe(reason);
    expect(sink.files.size).toBe(0);
    expect(commit).not.toHaveBeenCalled();
  });
});

describe('the files of an imported network', () => {
  it('are opened where each is the one that its manifest names', async () => {
    const sink = new BlobSink();
    const manifest = await importCheckpoint(requestFor({sink}));
    const onProgress = vi.fn();
    const network = await readImported(manifest, {
      pinned,
      read: ({path}) => Promise.resolve(sink.files.get(path)!),
      onProgress,
    });
    expect(maxAbsDifference(await runOn(network), fakeLogits(ROWS))).toBeLessThan(1e-4);
    const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    expect(onProgress.mock.calls.at(-1)).toEqual([total, total]);
  });

  it('are refused where one bit of one differs', async () => {
    const sink = new BlobSink();
    const manifest = await importCheckpoint(requestFor({sink}));
    for (const {path: changed} of manifest.files) {
      const reading = readImported(manifest, {
        pinned,
        read: async ({path}) => {
          const data = new Uint8Array(await sink.files.get(path)!.arrayBuffer());
          if (path === changed) data[data.length >> 1]! ^= 1;
          return data;
        },
      });
      await expect(reading).rejects.toThrow(ModelIntegrityError);
      await expect(reading).rejects.toThrow(`got ${changed} of `);
    }
  });

  it('are refused where they are those of another system', async () => {
    const manifest = await importCheckpoint(requestFor());
    const reading = readImported(manifest, {
      pinned: {id: 'other', accepted: []},
      read: () => Promise.resolve(new Blob()),
    });
    await expect(reading).rejects.toThrow(
      'got an imported network of fake-checkpoint, expected one of other',
    );
  });

  it('are refused where the checkpoint was none that the card lists, unless that is allowed', async () => {
    const sink = new BlobSink();
    const manifest = await importCheckpoint(requestFor({sink}));
    const listing = {...pinned, accepted: [{sha384: '0'.repeat(96), bytes: 1, what: 'the published file'}]};
    const read = ({path}: {readonly path: string}) => Promise.resolve(sink.files.get(path)!);
    const reading = readImported(manifest, {pinned: listing, read});
    await expect(reading).rejects.toThrow(ModelIntegrityError);
    await expect(reading).rejects.toThrow(`unverified file with SHA-256 ${sha256}`);
    const network = await readImported(manifest, {pinned: listing, allowUnverified: true, read});
    expect(network.name).toBe('fake-checkpoint');
  });
});
