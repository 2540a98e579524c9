import {expect, test} from 'vitest';
import type {BenchContext} from '../../../bench/measurement.ts';
import type {Candidate, Timing} from '../../../bench/page/candidates.ts';
import {timeRowsWithGpu} from '../../../bench/timed-gpu-rows.ts';
import type {TimingPage} from '../../../bench/timing-page.ts';

const candidate: Candidate = {kind: 'tflite', weights: '', input: []};
const entries = [{name: 'wasm', unit: 'ms', candidate}];
const onGpu = [{name: 'webgpu', unit: 'ms', candidate, against: 'wasm'}];

/** A page whose candidates take 1 ms, 2 ms, … in the order of each call; the rounds of its calls, too. */
function pageWith(gpu: TimingPage['gpu']): {context: BenchContext; roundsOfCalls: number[]} {
  const roundsOfCalls: number[] = [];
  const page: TimingPage = {
    browserVersion: 'none',
    gpu,
    time: (candidates, {rounds}) => {
      roundsOfCalls.push(rounds);
      return Promise.resolve(candidates.map((_, index): Timing => ({msPerCall: [index + 1]})));
    },
    close: () => Promise.resolve(),
  };
  return {context: {rounds: 100, page}, roundsOfCalls};
}

test('a GPU takes its turns with the others, is named and compared', async () => {
  const {context, roundsOfCalls} = pageWith({name: 'a card', isImitation: false});
  const rows = await timeRowsWithGpu(context, entries, onGpu);
  expect(rows).toMatchObject([{name: 'wasm'}, {name: 'webgpu on a card', value: 2, ratio: 2}]);
  expect(roundsOfCalls).toEqual([100]);
});

test('an imitation runs apart and shortly, and its row says what it is', async () => {
  const {context, roundsOfCalls} = pageWith({name: 'SwiftShader', isImitation: true});
  const [, row] = await timeRowsWithGpu(context, entries, onGpu);
  expect(row).toMatchObject({name: 'webgpu on SwiftShader, no GPU', value: 1});
  expect(row?.note).toContain('says nothing of a GPU');
  expect(row).not.toHaveProperty('ratio');
  expect(roundsOfCalls).toEqual([100, 3]);
});

test('where there is no adapter the row says why', async () => {
  const {context, roundsOfCalls} = pageWith({absent: 'no WebGPU adapter'});
  const [, row] = await timeRowsWithGpu(context, entries, onGpu);
  expect(row).toEqual({name: 'webgpu', unit: 'ms', note: 'does not run: no WebGPU adapter'});
  expect(roundsOfCalls).toEqual([100]);
});
