import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import type {Model} from '../../src/engine/engine.ts';
import {onnxEngine} from '../../src/engine/onnx-model.ts';
import {validateGraph} from '../../src/graph/validate-graph.ts';
import {DEEPSPEECH2_FEATURE_COUNT} from '../../src/systems/deepspeech2/front-end.ts';
import {system} from '../../src/systems/deepspeech2/system.ts';
import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {goldenRoot} from '../support/goldens.ts';
import {seededCheckpoint, seededValues} from '../support/seeded-checkpoint.ts';

/** What PyTorch gave: see test/referee/deepspeech2.py. */
interface Golden {
  readonly size: 'small' | 'full';
  readonly input: string;
  readonly hiddenSize: number;
  readonly rows: number;
  readonly parameters: number;
  readonly seed: number;
  readonly file: string;
  readonly shape: readonly [steps: number, labels: number];
}

const folder = join(goldenRoot, 'deepspeech2');
const {goldens} = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
  goldens: readonly Golden[];
};

/** Share of the logits' range. */
const TOLERANCE = {small: 1e-4, full: 1e-3};
const LAYERS = 3;

const {receptiveFrames, subsamplingFactor} = system.recurrentPlan;

const logitsOf = ({file}: Golden): Float32Array =>
  new Float32Array(new Uint8Array(readFileSync(join(folder, file))).buffer);

const rangeOf = (values: Float32Array): number =>
  values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));

const rowsOf = ({input, rows, seed}: Golden): Float32Array =>
  seededValues(input, rows * DEEPSPEECH2_FEATURE_COUNT, {centre: 0, amplitude: Math.sqrt(3)}, seed);

const goldensOf = (size: Golden['size']): readonly Golden[] =>
  goldens.filter((golden) => golden.size === size);

async function load({hiddenSize, seed}: Golden): Promise<Model> {
  const graph = system.buildGraph(seededCheckpoint(deepSpeech2Shapes(hiddenSize), {seed}));
  validateGraph(graph);
  return await onnxEngine.load(graph, {numerics: 'float32', assets: nodeEngineAssets()});
}

const zeroStates = ({hiddenSize}: Golden): readonly Float32Array[] =>
  Array.from({length: LAYERS}, () => new Float32Array(hiddenSize));

/** Logits of all rows, run in chunks of so many outputs with the states carried on; the last chunk is what is left. */
async function runInChunks(model: Model, golden: Golden, outputCount: number): Promise<readonly number[]> {
  const rows = rowsOf(golden);
  const logits: number[] = [];
  let states = zeroStates(golden);
  const [steps] = golden.shape;
  for (let step = 0; step < steps; step += outputCount) {
    const count = Math.min(outputCount, steps - step);
    const firstRow = step * subsamplingFactor;
    const endRow = firstRow + (count - 1) * subsamplingFactor + receptiveFrames;
    const chunk = rows.slice(firstRow * DEEPSPEECH2_FEATURE_COUNT, endRow * DEEPSPEECH2_FEATURE_COUNT);
    const [output, ...next] = (await model.run([chunk, ...states])) as Float32Array[];
    expect(output).toHaveLength(count * golden.shape[1]);
    logits.push(...output!);
    states = next.map((state) => state.slice());
  }
  return logits;
}

describe("the logits of PyTorch's own DeepSpeech2 with seeded weights", () => {
  it.each(goldens)('vary with time and with the input: $file', (golden) => {
    const logits = logitsOf(golden);
    const [steps, labels] = golden.shape;
    expect(logits).toHaveLength(steps * labels);
    const half = Math.floor(steps / 2) * labels;
    expect(
      maxAbsDifference(logits.subarray(0, labels), logits.subarray(half, half + labels)),
    ).toBeGreaterThan(0.1 * rangeOf(logits));
    const other = goldensOf(golden.size).find(({input}) => input !== golden.input)!;
    expect(maxAbsDifference(logits, logitsOf(other))).toBeGreaterThan(0.1 * rangeOf(logits));
  });

  it.each(['small', 'full'] as const)('are those of the graph, %s size', {timeout: 300_000}, async (size) => {
    const model = await load(goldensOf(size)[0]!);
    for (const golden of goldensOf(size)) {
      const [logits] = (await model.run([rowsOf(golden), ...zeroStates(golden)])) as Float32Array[];
      const expected = logitsOf(golden);
      const difference = maxAbsDifference(logits!, expected) / rangeOf(expected);
      expect(difference, golden.file).toBeLessThan(TOLERANCE[size]);
    }
    model.dispose();
  });

  it('are of a network with the published number of parameters', () => {
    const [full] = goldensOf('full');
    const shapes = Object.entries(deepSpeech2Shapes(full!.hiddenSize)).filter(
      ([name]) => !name.includes('.running_'),
    );
    const parameters = shapes.reduce(
      (sum, [, shape]) => sum + shape.reduce((count, size) => count * size, 1),
      0,
    );
    expect(parameters).toBe(103_841_568);
    expect(full!.parameters).toBe(parameters);
  });
});

describe('chunks with the states carried from one to the next', () => {
  const golden = goldensOf('small')[0]!;
  const expected = logitsOf(golden);

  it.each([1, 2, 7, 16, 30, 33])('of %i outputs give what one run gives', async (outputCount) => {
    const model = await load(golden);
    const [whole] = (await model.run([rowsOf(golden), ...zeroStates(golden)])) as Float32Array[];
    const one = whole!.slice();
    const logits = await runInChunks(model, golden, outputCount);
    // sums of other lengths are rounded in another order
    expect(maxAbsDifference(logits, one)).toBeLessThan(2e-6 * rangeOf(expected));
    expect(maxAbsDifference(logits, expected)).toBeLessThan(TOLERANCE.small * rangeOf(expected));
    model.dispose();
  });

  it('would differ if the states were not carried', async () => {
    const model = await load(golden);
    const rows = rowsOf(golden).slice(14 * DEEPSPEECH2_FEATURE_COUNT);
    const [late] = (await model.run([rows, ...zeroStates(golden)])) as Float32Array[];
    const inTime = expected.subarray(7 * golden.shape[1]);
    expect(maxAbsDifference(late!, inTime)).toBeGreaterThan(0.01 * rangeOf(expected));
    model.dispose();
  });
});
