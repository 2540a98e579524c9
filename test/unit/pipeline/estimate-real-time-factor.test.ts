import {describe, expect, it} from 'vitest';
import type {Model} from '../../../src/engine/engine.ts';
import type {Graph} from '../../../src/graph/graph.ts';
import {estimateRealTimeFactor} from '../../../src/pipeline/estimate-real-time-factor.ts';
import {findSpeedProbe} from '../../../src/systems/speed-probes.ts';

const RUN_MS = 100;

describe('the real-time factor of a large network', () => {
  it.each([
    ['wav2vec2-base', 2.5], // whole utterances, and windows of 6 s for every 4 s of text before their end
    ['deepspeech2', 1],
  ])('follows from the time of its probe: %s, whose sound is run %f times', async (systemId, runCount) => {
    let clockMs = 0;
    let isDisposed = false;
    const modelOfProbe = (graph: Graph): Promise<Model> =>
      Promise.resolve({
        engine: 'onnx',
        numerics: 'int8-dynamic',
        threadCount: 1,
        graph,
        run: () => {
          clockMs += RUN_MS;
          return Promise.resolve([]);
        },
        dispose: () => {
          isDisposed = true;
        },
      });
    const none = (): Promise<never> => Promise.reject(new Error('got asked for weights, expected the probe'));
    const sources = {modelOfProbe, weightsFor: none, modelFor: none};
    const factor = await estimateRealTimeFactor(systemId, sources, {budgetMs: 2000, now: () => clockMs});
    const {timeRatio = NaN, seconds = NaN} = (await findSpeedProbe(systemId)) ?? {};
    expect(factor).toBeCloseTo((runCount * timeRatio * RUN_MS) / 1000 / seconds, 9);
    expect(isDisposed).toBe(true);
  });
});
