import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {EngineName} from '../../src/engine/engine.ts';
import {quantiseInto} from '../../src/features/quantise.ts';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {padRows} from '../../src/pipeline/pad-rows.ts';
import {planWindows} from '../../src/pipeline/plan-windows.ts';
import {system} from '../../src/systems/wav2letter/system.ts';
import {loadClip} from '../support/goldens.ts';
import {inputOf, loadInNode, runAll} from '../support/published-networks.ts';
import {withLogitsAsOutput} from '../support/tflite-logits.ts';
import {openTfliteRuntime, type TfliteRuntime} from '../support/tflite-runtime.ts';
import {computeFeatures} from '../support/transcription-features.ts';
import {seededWav2Letter} from '../support/wav2letter-tflite.ts';

/** Engines that run the network in integers. */
const ENGINES: readonly EngineName[] = ['integer', 'onnx'];

/** Clips of this repository: between them two windows that differ of es_fox, and one of each other. */
const CLIPS = ['es_fox', 'es_yes', 'noise', 'chirp', 'quiet'];

const WITHIN_ONE_STEP = 0.999;
/** Share of the values that another input may give too: of the posteriors most are near zero whatever the input. */
const WITHIN_BY_CHANCE = 0.9;
const LEVELS = 30;

const {windowFrames} = system.windowPlan;

/** The windows of a clip as the network reads them, by the published front end and plan. */
function windowsOf(clip: string, file: Uint8Array): readonly Int8Array[] {
  const {quantisation, shape} = inputOf(readTflite(file));
  const featureCount = shape.at(-1)!;
  const features = computeFeatures(system.createFrontEnd('utterance'), loadClip(clip));
  const rowCount = features.length / featureCount;
  const {frameCount, windows} = planWindows(system.windowPlan, rowCount);
  const rows = new Int8Array(frameCount * featureCount);
  quantiseInto(features, quantisation!.scale[0]!, quantisation!.zeroPoint[0]!, rows);
  padRows(rows, rowCount, system.windowPlan, featureCount);
  const starts = [...new Set(windows.map(({firstFrame}) => firstFrame))];
  return starts.map((start) => rows.slice(start * featureCount, (start + windowFrames) * featureCount));
}

/** How many of the values are at most so many steps apart, of all. */
function shareWithin(
  steps: number,
  got: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): number {
  const differences = got.flatMap((values, run) =>
    values.map((value, index) => Math.abs(value - (expected[run]?.[index] ?? NaN))),
  );
  return differences.filter((difference) => difference <= steps).length / differences.length;
}

describe('a full-size network of the topology of Wav2Letter, against TFLite itself', () => {
  let file: Uint8Array;
  let inputs: readonly Int8Array[];
  let tflite: TfliteRuntime;
  beforeAll(async () => {
    file = seededWav2Letter();
    inputs = CLIPS.flatMap((clip) => windowsOf(clip, file));
    tflite = await openTfliteRuntime();
  });
  afterAll(() => tflite.close());

  it('is accepted by the system as the published file is, but for its digest', () => {
    const graph = system.buildGraph(file, system.card);
    expect(graph.nodes.filter(({op}) => op === 'Conv')).toHaveLength(11);
    expect(graph.nodes.filter(({op}) => op === 'LeakyRelu')).toHaveLength(10);
    expect(graph.nodes.at(-1)?.op).toBe('Softmax');
    expect(Math.abs(file.length / system.card.weights.accepted[0]!.bytes - 1)).toBeLessThan(0.01);
  });

  describe.each([
    ['logits', withLogitsAsOutput],
    ['posteriors', (bytes: Uint8Array) => bytes],
  ] as const)('its %s', (what, variantOf) => {
    let expected: readonly (readonly number[])[];
    beforeAll(async () => {
      expected = await tflite.run(variantOf(file), inputs);
    });

    it('use many levels and vary with the input, so that agreeing means something', () => {
      for (const values of expected) expect(new Set(values).size).toBeGreaterThan(LEVELS);
      const ofOtherInputs = [...expected.slice(1), ...expected.slice(0, 1)];
      expect(shareWithin(1, ofOtherInputs, expected)).toBeLessThan(WITHIN_BY_CHANCE);
    });

    it.each(ENGINES)(`are those of %s, ${WITHIN_ONE_STEP * 100} in 100 within one step`, async (engine) => {
      const model = await loadInNode(readTflite(variantOf(file)), engine, 'int8-exact');
      const got = await runAll(model, inputs);
      model.dispose();
      const [equal, within] = [shareWithin(0, got, expected), shareWithin(1, got, expected)];
      process.stdout.write(
        `wav2letter ${what}, ${engine} against TFLite, ${got.flat().length} values: ` +
          `${(100 * equal).toFixed(3)} % equal, ${(100 * within).toFixed(3)} % within one step\n`,
      );
      expect(within).toBeGreaterThanOrEqual(WITHIN_ONE_STEP);
    });
  });
});
