import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {seededRandom} from '../support/prng.ts';
import {loadInNode, runAll} from '../support/published-networks.ts';
import {smallWav2Letter} from '../support/small-wav2letter.ts';
import {openTfliteRuntime, type TfliteRuntime} from '../support/tflite-runtime.ts';

const SEED = 12;
const RUN_COUNT = 20;
const INPUT_VALUES = 41 * 13;

describe('a small network of the form of Wav2Letter', () => {
  let runtime: TfliteRuntime;
  beforeAll(async () => {
    runtime = await openTfliteRuntime();
  });
  afterAll(() => runtime.close());

  it.each(['integer', 'onnx'] as const)('gives the bits of TFLite in the engine %s', async (engine) => {
    const file = smallWav2Letter(SEED);
    const random = seededRandom(SEED);
    const inputs = Array.from({length: RUN_COUNT}, () =>
      Int8Array.from({length: INPUT_VALUES}, () => random.integer(-128, 127)),
    );
    const expected = await runtime.run(file, inputs);
    expect(new Set(expected.flat()).size).toBeGreaterThan(50); // a network that says the same to all would prove nothing
    const model = await loadInNode(readTflite(file), engine, 'int8-exact');
    expect(await runAll(model, inputs), `seed ${SEED}`).toEqual(expected);
    model.dispose();
  });
});
