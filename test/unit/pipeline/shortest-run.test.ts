import {describe, expect, it} from 'vitest';
import {shortestRunMs} from '../../../src/pipeline/shortest-run.ts';

/** Times runs that take so long each, the last for ever after. */
async function time(durationsMs: readonly number[], budgetMs: number) {
  let clockMs = 0;
  let runCount = 0;
  const run = (): Promise<void> => {
    clockMs += durationsMs[Math.min(runCount++, durationsMs.length - 1)] ?? 0;
    return Promise.resolve();
  };
  const shortestMs = await shortestRunMs(run, {budgetMs, now: () => clockMs});
  return {shortestMs, runCount, clockMs};
}

describe('the shortest of some runs', () => {
  it('leaves out what the first one compiles', async () => {
    expect(await time([900, 300, 250, 400], 2000)).toMatchObject({shortestMs: 250});
  });

  it('is found in the time allowed: no run begins later', async () => {
    expect(await time([900, 800], 2000)).toEqual({shortestMs: 800, runCount: 3, clockMs: 2500});
    expect(await time([5000], 2000)).toEqual({shortestMs: 5000, runCount: 1, clockMs: 5000});
  });

  it('is found soon where runs are short', async () => {
    expect((await time([1], 2000)).runCount).toBe(10);
  });

  it('is given up with the signal', async () => {
    const calledOff = new AbortController();
    const run = (): Promise<void> => {
      calledOff.abort(new Error('enough'));
      return Promise.resolve();
    };
    const options = {budgetMs: 2000, now: () => 0, signal: calledOff.signal};
    await expect(shortestRunMs(run, options)).rejects.toThrow('enough');
  });
});
