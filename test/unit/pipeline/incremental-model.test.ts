import {describe, expect, it, vi} from 'vitest';
import type {Model} from '../../../src/engine/engine.ts';
import type {TensorData} from '../../../src/graph/graph.ts';
import {KeywordClassifier} from '../../../src/pipeline/keyword-classifier.ts';
import {IncrementalModel, type WindowPlace} from '../../../src/pipeline/incremental-model.ts';
import {KeywordPipeline} from '../../../src/pipeline/keyword-pipeline.ts';
import {fakeKeywordSystem, fakeModel} from '../../support/fake-keyword-system.ts';
import {graphOf} from '../../support/graph-builder.ts';

const SHIFT = 10;
const NEWEST_LENGTH = SHIFT * fakeKeywordSystem.mfcc.coefficientCount;
const silence = Float32Array.of(1, 0, 0, 0);

interface Run {
  readonly part: 'whole' | 'continued';
  readonly inputs: readonly TensorData[];
}

/** Two halves that answer silence; each run gives its own number as what the next window keeps, in one reused array. */
function setUp() {
  const runs: Run[] = [];
  const disposed: Run['part'][] = [];
  const given = new Float32Array(1);
  const halfOf = (part: Run['part']): Model => ({
    ...fakeModel(() => silence),
    graph: part === 'whole' ? fakeModel(() => silence).graph : continuedGraph,
    run: (inputs) => {
      runs.push({part, inputs: inputs.map((values) => values.slice())});
      given[0] = runs.length;
      return Promise.resolve([silence, given]);
    },
    dispose: () => void disposed.push(part),
  });
  const [whole, continued] = [halfOf('whole'), halfOf('continued')];
  const model = new IncrementalModel({whole, continued, shift: SHIFT});
  const parts = (): readonly string[] => runs.map(({part, inputs}) => `${part} ${inputs[1]?.[0] ?? '-'}`);
  return {model, runs, parts, whole, disposed};
}

const continuedGraph = graphOf(
  {frames: {shape: [1, NEWEST_LENGTH]}, kept: {shape: [1]}, y: {shape: [1, 4]}, next: {shape: [1]}},
  [],
  {inputs: ['frames', 'kept'], outputs: ['y', 'next']},
);
const window = Float32Array.from({length: 490}, (_, index) => index);
const stream = {};
const at = (newestFrame: number, of: object = stream): WindowPlace => ({stream: of, newestFrame});

describe('a window', () => {
  it('takes what the one a shift before gave, whatever came between, and its newest frames alone', async () => {
    const {model, parts, runs} = setUp();
    for (const frame of [48, 53, 58, 63, 68]) await model.runAt(window, at(frame));
    expect(parts()).toEqual(['whole -', 'whole -', 'continued 1', 'continued 2', 'continued 3']);
    expect(runs[2]?.inputs[0]).toEqual(window.slice(-NEWEST_LENGTH));
  });

  it('is computed whole after a gap, and those that follow it as far as nothing before it fits', async () => {
    const {model, parts} = setUp();
    for (const frame of [48, 58, 107, 112, 117]) await model.runAt(window, at(frame));
    expect(parts()).toEqual(['whole -', 'continued 1', 'whole -', 'whole -', 'continued 3']);
  });

  it('is computed whole while the hop is stretched to what the shift is no multiple of', async () => {
    const {model, parts} = setUp();
    for (const frame of [48, 63, 78, 88, 93]) await model.runAt(window, at(frame)); // 15 and 15, 10, 5 frames
    expect(parts()).toEqual(['whole -', 'whole -', 'whole -', 'continued 3', 'whole -']);
  });

  it('takes nothing from another stream, though the frames have the same numbers', async () => {
    const {model, parts} = setUp();
    await model.runAt(window, at(48));
    await model.runAt(window, at(58, {}));
    await model.runAt(window, at(58));
    expect(parts()).toEqual(['whole -', 'whole -', 'whole -']);
  });

  it('of no stream is computed whole, and nothing is taken from it', async () => {
    const {model, parts} = setUp();
    await model.runAt(window, at(48));
    expect(await model.run([window])).toEqual([silence]);
    await model.runAt(window, at(58));
    expect(parts()).toEqual(['whole -', 'whole -', 'continued 1']);
  });

  it('is computed whole where the one before it failed', async () => {
    const {model, parts, whole} = setUp();
    vi.spyOn(whole, 'run').mockRejectedValueOnce(new Error('lost'));
    await expect(model.runAt(window, at(48))).rejects.toThrow('lost');
    await model.runAt(window, at(58));
    expect(parts()).toEqual(['whole -']);
  });
});

describe('the model', () => {
  it('looks like the network as it is: one input, one output', () => {
    const {model, whole} = setUp();
    expect(model.graph.outputs).toEqual(['output']);
    expect(model).toMatchObject({engine: 'tfjs', numerics: 'float32', threadCount: 1});
    expect(new KeywordClassifier(fakeKeywordSystem, model).model).toBe(model);
    expect(whole.graph.inputs).toEqual(model.graph.inputs);
  });

  it('gives back both halves', () => {
    const {model, disposed} = setUp();
    model.dispose();
    expect(disposed).toEqual(['whole', 'continued']);
  });
});

describe('the pipeline', () => {
  const chunk = (sampleCount: number) => ({
    samples: new Float32Array(sampleCount),
    stride: sampleCount,
    channelCount: 1,
    sampleCount,
  });

  async function listen(model: IncrementalModel, jumpAtChunk: number): Promise<void> {
    const observer = {onKeyword: () => undefined};
    const options = {inputRateHz: 16_000, clock: () => 0};
    const pipeline = new KeywordPipeline(new KeywordClassifier(fakeKeywordSystem, model), observer, options);
    for (let index = 0; index < 26; index++) {
      const lost = index >= jumpAtChunk ? 48_000 : 0;
      pipeline.accept(chunk(1600), index * 1600 + lost);
      await pipeline.drain();
    }
    await pipeline.stop();
  }

  it('computes whole windows at the start only, two for the two phases of the shift', async () => {
    const {model, parts} = setUp();
    await listen(model, Infinity);
    expect(parts()).toHaveLength(17);
    expect(parts().slice(0, 4)).toEqual(['whole -', 'whole -', 'continued 1', 'continued 2']);
    expect(parts().filter((part) => part.startsWith('whole'))).toHaveLength(2);
  });

  it('computes them anew after audio was lost, and in the next run', async () => {
    const {model, parts} = setUp();
    await listen(model, 14);
    const wholeAt = (): readonly number[] =>
      parts().flatMap((part, index) => (part.startsWith('whole') ? [index] : []));
    expect(wholeAt()).toEqual([0, 1, 5, 6]);
    const count = parts().length;
    await listen(model, Infinity);
    expect(wholeAt().slice(4)).toEqual([count, count + 1]);
  });
});
