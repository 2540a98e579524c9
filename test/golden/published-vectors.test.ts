import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import type {Rounding} from '../../src/engine/engine.ts';
import {readInt8Npy} from '../../src/formats/npy.ts';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {runSelfTest, type TestVector} from '../../src/pipeline/self-test.ts';
import {card} from '../../src/systems/wav2letter/card.ts';
import {loadInNode, networkBytes} from '../support/published-networks.ts';
import {hasShared, sharedPath} from '../support/shared.ts';

/** A vector of shared/models/vectors: published by Arm, so no part of this repository. */
function vectorOf(name: string): TestVector {
  const read = (what: string): Int8Array =>
    readInt8Npy(new Uint8Array(readFileSync(sharedPath('models', 'vectors', `${name}.${what}.npy`))));
  return {input: read('input'), output: read('output')};
}

const digestOf = (values: Int8Array): string => createHash('sha256').update(values).digest('hex');

describe.skipIf(!hasShared)('published vectors (skipped where ../shared is absent)', () => {
  it('of wav2letter: its card knows them by their digests', () => {
    const {input, output} = vectorOf('wav2letter_pruned_int8');
    expect([input.length, output.length]).toEqual([296 * 39, 148 * card.labels.length]);
    const published = card.weights.accepted[0]?.vector;
    expect([published?.input.sha256, published?.output.sha256]).toEqual([digestOf(input), digestOf(output)]);
  });

  it.each<[Rounding, object]>([
    ['gemmlowp', {equalShare: 1, isPassed: true}],
    ['xnnpack', {sameBestShare: 1, isPassed: true}],
  ])(
    'of ds-cnn-clustered: the self-test passes on the published weights, rounding %s',
    async (rounding, result) => {
      const graph = readTflite(networkBytes('ds_cnn_clustered_int8_rebuilt'));
      const model = await loadInNode(graph, 'onnx', 'int8-exact', rounding);
      expect(await runSelfTest(model, vectorOf('ds_cnn_clustered_int8'), 12)).toMatchObject(result);
      model.dispose();
    },
  );

  it('of ds-cnn-clustered: it is not met by the weights of its sibling', async () => {
    const model = await loadInNode(readTflite(networkBytes('ds_cnn_large_int8')), 'onnx', 'int8-exact');
    const {equalShare} = await runSelfTest(model, vectorOf('ds_cnn_clustered_int8'), 12);
    expect(equalShare).toBeLessThan(1);
    model.dispose();
  });
});
