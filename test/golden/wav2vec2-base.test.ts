import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import type {Model} from '../../src/engine/engine.ts';
import {onnxEngine} from '../../src/engine/onnx-model.ts';
import {validateGraph} from '../../src/graph/validate-graph.ts';
import {system} from '../../src/systems/wav2vec2-base/system.ts';
import {relativeError} from '../support/arrays.ts';
import {loadLogits, wav2vec2Audio, wav2vec2Checkpoint, wav2vec2Golden} from '../support/wav2vec2-goldens.ts';

/** Of the logits' range; measured: 3e-7 to 7e-7, what float32 sums in another order differ by. */
const TOLERANCE = 1e-5;

describe('a small network of the base layout', () => {
  let model: Model;
  beforeAll(async () => {
    const graph = system.buildGraph(wav2vec2Checkpoint('small'));
    validateGraph(graph);
    model = await onnxEngine.load(graph, {numerics: 'float32', assets: nodeEngineAssets()});
  });
  afterAll(() => {
    model.dispose();
  });

  it.each(wav2vec2Golden('small').runs)(
    "gives torchaudio's logits for $samples samples",
    async ({samples, file, steps}) => {
      const [logits] = await model.run([wav2vec2Audio(samples)]);
      expect(logits).toHaveLength(steps * system.card.labels.length);
      expect(relativeError(logits as Float32Array, loadLogits(file))).toBeLessThan(TOLERANCE);
    },
  );
});
