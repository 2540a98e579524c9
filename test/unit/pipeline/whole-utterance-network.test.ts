import {describe, expect, it} from 'vitest';
import {WholeUtteranceNetwork} from '../../../src/pipeline/whole-utterance-network.ts';
import {
  fakeWholeUtteranceModel,
  fakeWholeUtteranceSystem,
  firstRowLogits,
  outputCountOf,
} from '../../support/fake-sequence-systems.ts';
import {FAKE_HOP, FAKE_LABELS} from '../../support/fake-transcription-system.ts';
import {seededRandom} from '../../support/prng.ts';
import {runAcousticNetwork} from '../../support/run-acoustic-network.ts';

const TOKEN_COUNT = FAKE_LABELS.length;
const {wholeUtterancePlan: plan} = fakeWholeUtteranceSystem;

const newNetwork = (mode: 'utterance' | 'streaming'): WholeUtteranceNetwork =>
  new WholeUtteranceNetwork(fakeWholeUtteranceSystem, fakeWholeUtteranceModel(firstRowLogits), mode);

/** Differences between the first two logits, which a log-softmax keeps: output by output. */
function differences(logProbs: readonly number[]): number[] {
  return Array.from(
    {length: logProbs.length / TOKEN_COUNT},
    (_, output) => (logProbs[output * TOKEN_COUNT] ?? NaN) - (logProbs[output * TOKEN_COUNT + 1] ?? NaN),
  );
}

/** What outputs [first, end) are of a run over rows [firstRow, endRow). */
function expectedDifferences(peaks: readonly number[], [firstRow, endRow]: [number, number]): number[] {
  const rows = peaks.slice(firstRow, endRow);
  const loudest = Math.max(...rows);
  return Array.from(
    {length: outputCountOf(rows.length, plan)},
    (_, output) => (rows[output * plan.subsamplingFactor] ?? NaN) - loudest - rows.length / 100,
  );
}

function peaksOf(samples: Float32Array): number[] {
  return Array.from({length: Math.floor(samples.length / FAKE_HOP)}, (_, row) =>
    Math.max(...samples.subarray(row * FAKE_HOP, (row + 1) * FAKE_HOP)),
  );
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5));
}

describe('a network that must see an utterance whole', () => {
  it.each(['utterance', 'streaming'] as const)(
    'in mode %s, runs it at the end over all rows, however the samples were cut',
    async (mode) => {
      const network = newNetwork(mode);
      for (const rowCount of [4, 5, 6, 39, 40, 41, 200, plan.maxFrames]) {
        const samples = seededRandom(rowCount).samples(rowCount * FAKE_HOP, 0.9);
        for (const pieceLength of [samples.length, 160, 592]) {
          const {anew} = await runAcousticNetwork(network, samples, pieceLength);
          expectClose(differences(anew), expectedDifferences(peaksOf(samples), [0, rowCount]));
        }
      }
    },
  );

  it('gives nothing before the end in the published mode', async () => {
    const network = newNetwork('utterance');
    expect(network.givesPreviews).toBe(false);
    const {before} = await runAcousticNetwork(network, new Float32Array(200 * FAKE_HOP), FAKE_HOP);
    expect(before).toEqual([]);
  });

  it('previews windows, each with features of its own, of which what lies between the contexts joins without gap', async () => {
    const network = newNetwork('streaming');
    expect(network.givesPreviews).toBe(true);
    expect(network.stepSamples).toBe(24 * FAKE_HOP);
    const samples = seededRandom(7).samples(100 * FAKE_HOP, 0.9);
    const peaks = peaksOf(samples);
    const {before} = await runAcousticNetwork(network, samples, 160);
    expectClose(differences(before), [
      ...expectedDifferences(peaks, [0, 40]).slice(0, 16), // rows 0…31
      ...expectedDifferences(peaks, [24, 64]).slice(4, 16), // rows 32…55
      ...expectedDifferences(peaks, [48, 88]).slice(4, 16), // rows 56…79
    ]);
  });

  it('refuses an utterance that is longer than its plan, with got and expected', () => {
    const network = newNetwork('utterance');
    network.push(new Float32Array(plan.maxFrames * FAKE_HOP));
    expect(network.maxSamples).toBe(64_000);
    expect(() => {
      network.push(new Float32Array(8000));
    }).toThrow(
      new RangeError('got an utterance of 4.5 s or more, expected at most 4.0 s: fake runs utterances whole'),
    );
    network.begin();
    network.push(new Float32Array(8000));
  });

  it('refuses a plan of which no preview could be kept', () => {
    const model = fakeWholeUtteranceModel(firstRowLogits);
    for (const partial of [
      {windowFrames: 40, contextFrames: 2},
      {windowFrames: 40, contextFrames: 20},
      {windowFrames: 41, contextFrames: 8},
    ]) {
      const system = {...fakeWholeUtteranceSystem, wholeUtterancePlan: {...plan, partial}};
      expect(() => new WholeUtteranceNetwork(system, model, 'streaming')).toThrow(RangeError);
    }
  });
});
