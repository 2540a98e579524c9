import {expect, it} from 'vitest';
import {system} from '../../src/systems/wav2vec2-base/system.ts';
import {relativeError} from '../support/arrays.ts';
import {openWrittenGraph} from '../support/open-written-graph.ts';
import {loadLogits, wav2vec2Audio, wav2vec2Checkpoint, wav2vec2Golden} from '../support/wav2vec2-goldens.ts';

const [run] = wav2vec2Golden('base').runs;

// 378 MB on disk, 1.4 GB of memory at most
it(
  "gives torchaudio's logits at full size, its weights in a file beside it",
  {timeout: 300_000},
  async () => {
    const model = await openWrittenGraph(system.buildGraph(wav2vec2Checkpoint('base')), 'float32');
    const [logits] = await model.run([wav2vec2Audio(run?.samples ?? 0)]);
    model.dispose();
    // of the logits' range; measured: 9e-7
    expect(relativeError(logits as Float32Array, loadLogits(run?.file ?? ''))).toBeLessThan(1e-5);
  },
);
