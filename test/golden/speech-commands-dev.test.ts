import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {evaluateClips} from '../../src/cli/evaluate-clips.ts';
import {loadSystem} from '../../src/cli/load-system.ts';
import {computeAccuracy, countAnswer, createConfusion} from '../../src/evaluate/confusion.ts';
import {hasShared, sharedPath} from '../support/shared.ts';

/** TFLite's own int8 outputs for every clip of speech-commands-dev. */
interface TfliteOutputs {
  readonly files: readonly string[];
  readonly models: Readonly<Record<string, {readonly outputs: readonly (readonly number[])[]}>>;
}

const SYSTEMS = [
  ['micronet-large', 'integer', 'micronet_large_int8'],
  ['ds-cnn-clustered', 'integer', 'ds_cnn_clustered_int8_rebuilt'],
  ['ds-cnn-large', 'integer', 'ds_cnn_large_int8'],
  ['micronet-large', 'onnx', 'micronet_large_int8'],
  ['ds-cnn-clustered', 'onnx', 'ds_cnn_clustered_int8_rebuilt'],
  ['ds-cnn-large', 'onnx', 'ds_cnn_large_int8'],
] as const;
/** Every 12th of 1,371 clips; all of them where EARSHOT_EVERY_CLIP is set, which takes half a minute. */
const SAMPLE_COUNT = process.env['EARSHOT_EVERY_CLIP'] === undefined ? 115 : 1371;
const SILENCE = ['_silence_'];

const indexOfLargest = (row: readonly number[]): number => row.indexOf(Math.max(...row));

const reason = hasShared ? '' : ' (skipped: ../shared is absent)';
describe.skipIf(!hasShared)(`on ${SAMPLE_COUNT} clips of speech-commands-dev${reason}`, () => {
  it.each(SYSTEMS)('%s in %s answers as TFLite does', {timeout: 120_000}, async (systemId, engine, file) => {
    const golden = JSON.parse(
      readFileSync(sharedPath('reference/golden/speech_commands_dev_outputs.json'), 'utf8'),
    ) as TfliteOutputs;
    const weights = sharedPath('models', `${file}.tflite`);
    const {classifier, report} = await loadSystem(systemId, {
      weights,
      engine,
      numerics: 'int8-exact',
      'allow-unverified': false,
    });
    expect(report).toMatchObject({engine, numerics: 'int8-exact', weights: {verified: true}});
    const request = {data: sharedPath('audio/speech-commands-dev'), limit: SAMPLE_COUNT};
    const {results, confusion} = await evaluateClips(classifier, request, {
      print: expect.unreachable,
      warn: expect.unreachable,
    });
    classifier.model.dispose();

    const {labels} = classifier.system.card;
    const wanted = createConfusion(labels);
    const differing: string[] = [];
    for (const {file: clip, label, predicted} of results) {
      const row = golden.models[file]?.outputs[golden.files.indexOf(clip)] ?? [];
      const answer = labels[indexOfLargest(row)] ?? '';
      countAnswer(wanted, label, answer);
      if (answer !== predicted) differing.push(`${clip}: ${predicted}, TFLite ${answer}`);
    }
    expect(results).toHaveLength(SAMPLE_COUNT);
    expect(new Set(results.map(({label}) => label)).size).toBe(labels.length);
    expect(differing.length / SAMPLE_COUNT, differing.join('\n')).toBeLessThanOrEqual(0.005);
    const difference = computeAccuracy(confusion, SILENCE) - computeAccuracy(wanted, SILENCE);
    expect(Math.abs(difference)).toBeLessThan(0.004);
  });
});
