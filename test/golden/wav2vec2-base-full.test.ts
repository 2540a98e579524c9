import {mkdtemp, open, rm} from 'node:fs/promises';
import {openAsBlob, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import {openOnnxFiles} from '../../src/engine/engines.ts';
import type {FileSink} from '../../src/formats/onnx/file-sink.ts';
import {MODEL_FILE, WEIGHTS_FILE, writeOnnxFiles} from '../../src/formats/onnx/write-onnx-files.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import {system} from '../../src/systems/wav2vec2-base/system.ts';
import {relativeError} from '../support/arrays.ts';
import {loadLogits, wav2vec2Audio, wav2vec2Checkpoint, wav2vec2Golden} from '../support/wav2vec2-goldens.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-wav2vec2-'));
});
afterAll(async () => {
  await rm(folder, {recursive: true});
});

const sink: FileSink = {
  create: async (path) => {
    const file = await open(join(folder, path), 'w');
    return {write: (bytes) => file.writeFile(bytes), close: () => file.close()};
  },
};

// measured: 9e-7 of the range; 378 MB on disk, about 1.2 GB of memory
it(
  "gives torchaudio's logits at full size, its weights in a file beside it",
  {timeout: 300_000},
  async () => {
    const graph = system.buildGraph(wav2vec2Checkpoint('base'));
    await writeOnnxFiles(graph, {precision: 'float32', sink});
    const [find, weights] = [
      (name: string) => tensorOf(graph, name),
      await openAsBlob(join(folder, WEIGHTS_FILE)),
    ];
    expect(weights.size).toBeGreaterThan(377_000_000);
    const model = await openOnnxFiles(
      {
        name: graph.name,
        inputs: graph.inputs.map(find),
        outputs: graph.outputs.map(find),
        model: new Uint8Array(readFileSync(join(folder, MODEL_FILE))),
        externalData: [{path: WEIGHTS_FILE, data: weights}],
      },
      {numerics: 'float32', assets: nodeEngineAssets()},
    );
    const [run] = wav2vec2Golden('base').runs;
    const [logits] = await model.run([wav2vec2Audio(run?.samples ?? 0)]);
    model.dispose();
    expect(relativeError(logits as Float32Array, loadLogits(run?.file ?? ''))).toBeLessThan(1e-5);
  },
);
