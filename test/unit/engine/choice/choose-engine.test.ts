import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {chooseEngine, type ChoiceSources} from '../../../../src/engine/choice/choose-engine.ts';
import {chooseOnce, type ChoiceMemory, type KeptChoice} from '../../../../src/engine/choice/choose-once.ts';
import {runFakes, type FakeBehaviour, type FakeNetwork, type Fakes} from '../../../support/fake-networks.ts';

const BUDGET_MS = 1500;
const first = {engine: 'tfjs', numerics: 'float32'} as const;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const optionsWith = (changes: object = {}) => ({
  first,
  engines: ['onnx', 'tfjs'] as const,
  windowCount: 2,
  budgetMs: BUDGET_MS,
  signal: new AbortController().signal,
  ...changes,
});

/** Chooses between networks that behave so, time passing as it must. */
async function choose(behaviours: Record<string, FakeBehaviour>, changes: object = {}) {
  const fakes = runFakes(behaviours);
  const choosing = chooseEngine(optionsWith(changes), fakes.sources);
  choosing.catch(() => undefined); // handled when awaited
  await vi.runAllTimersAsync();
  return {fakes, decision: await choosing};
}

const openOnly = (fakes: Fakes): readonly string[] =>
  fakes.networks.filter(({isDisposed}) => !isDisposed).map(({name}) => name);

describe('measuring', () => {
  it('keeps the fastest that agrees, disposes of the others and says why', async () => {
    const {fakes, decision} = await choose({
      'tfjs float32': {windowMs: 5},
      'onnx float32': {windowMs: 2, bytes: 4000},
      'onnx int8-exact': {windowMs: 3},
    });
    expect(decision.candidate).toEqual({engine: 'onnx', numerics: 'float32'});
    expect(openOnly(fakes)).toEqual(['onnx float32']);
    expect(decision.because).toMatchObject({
      basis: 'measured',
      measured: [
        {engine: 'tfjs', numerics: 'float32', p50Ms: 5, p95Ms: 5, windowCount: 30, engineBytes: 0},
        {engine: 'onnx', numerics: 'float32', p50Ms: 2, engineBytes: 4000},
        {engine: 'onnx', numerics: 'int8-exact', p50Ms: 3, engineBytes: 4000},
      ],
      leftOut: [],
    });
    expect(decision.because.text).toBe(
      'Measured on this device: onnx float32 is the fastest. A window takes 5.00 ms with tfjs float32 (p95 5.00 ms); ' +
        '2.00 ms with onnx float32 (p95 2.00 ms); 3.00 ms with onnx int8-exact (p95 3.00 ms).',
    );
  });

  it('says on how many threads each ran', async () => {
    const {decision} = await choose({
      'tfjs float32': {windowMs: 5},
      'onnx float32': {windowMs: 2, threadCount: 2},
    });
    expect(decision.because.measured.map(({threadCount}) => threadCount)).toEqual([1, 2]);
    expect(decision.because.text).toContain('onnx float32 on 2 threads is the fastest');
    expect(decision.because.text).toContain('2.00 ms with onnx float32 on 2 threads (p95 2.00 ms)');
  });

  it('does not time the warm-up', async () => {
    const {decision} = await choose({'tfjs float32': {windowMs: 5, firstWindowMs: 300}});
    expect(decision.because.measured[0]).toMatchObject({p50Ms: 5, p95Ms: 5});
  });

  it('times fewer windows of a slow candidate, so that there is time for the next', async () => {
    const {decision} = await choose({'tfjs float32': {windowMs: 60}, 'onnx float32': {windowMs: 20}});
    expect(decision.because.measured.map(({windowCount}) => windowCount)).toEqual([5, 8]);
  });

  it('leaves out and names what throws, on loading and on running', async () => {
    const {fakes, decision} = await choose({
      'tfjs float32': {windowMs: 5},
      'onnx float32': {windowMs: 1, loadError: 'no memory'},
      'onnx int8-exact': {windowMs: 1, runError: 'bad op'},
    });
    expect(decision.candidate).toEqual(first);
    expect(openOnly(fakes)).toEqual(['tfjs float32']);
    expect(decision.because.leftOut).toEqual([
      {engine: 'onnx', numerics: 'float32', reason: 'failed', detail: 'no memory'},
      {engine: 'onnx', numerics: 'int8-exact', reason: 'failed', detail: 'bad op'},
    ]);
    expect(decision.because.text).toContain('tfjs float32, the default, for there is no other');
    expect(decision.because.text).toContain('Left out: onnx float32 (no memory); onnx int8-exact (bad op).');
  });

  it('leaves out and names what disagrees with the first, however fast', async () => {
    const {fakes, decision} = await choose({
      'tfjs float32': {windowMs: 5},
      'onnx float32': {windowMs: 1, error: 0.002},
      'onnx int8-exact': {windowMs: 2, error: 0.02},
    });
    expect(decision.candidate).toEqual({engine: 'onnx', numerics: 'int8-exact'}); // the looser rule
    expect(decision.because.leftOut).toMatchObject([
      {engine: 'onnx', numerics: 'float32', reason: 'disagrees'},
    ]);
    expect(decision.because.leftOut[0]?.detail).toMatch(/^got outputs 0\.0020 .*, expected 0\.001 at most$/);
    expect(openOnly(fakes)).toEqual(['onnx int8-exact']);
  });

  it('leaves out and names what the engine says that it cannot run, without loading it', async () => {
    const {fakes, decision} = await choose({
      'tfjs float32': {windowMs: 5},
      'onnx float32': {windowMs: 1, unsupportedOps: ['GRU']},
    });
    expect(decision.because.leftOut).toMatchObject([
      {reason: 'unsupported', detail: 'it does not run GRU', engine: 'onnx'},
    ]);
    expect(fakes.networks).toHaveLength(1);
  });

  it('leaves out an engine whose code does not load', async () => {
    const {decision} = await choose({'tfjs float32': {windowMs: 5}}, {engines: ['tfjs', 'missing']});
    expect(decision.because.leftOut).toEqual([
      {engine: 'missing', reason: 'failed', detail: 'no engine missing'},
    ]);
  });

  it('keeps to the numerics that the page asks for', async () => {
    const {decision} = await choose(
      {'tfjs float32': {windowMs: 5}, 'onnx float32': {windowMs: 4}, 'onnx int8-exact': {windowMs: 1}},
      {numerics: 'float32'},
    );
    expect(decision.candidate).toEqual({engine: 'onnx', numerics: 'float32'});
    expect(decision.because.leftOut).toEqual([]);
  });
});

describe('the budget', () => {
  it('ends the loading of a candidate, and disposes of what comes all the same', async () => {
    const {fakes, decision} = await choose({
      'tfjs float32': {windowMs: 5, loadMs: 4000}, // as long as it takes: it would run anyway
      'onnx float32': {windowMs: 1, loadMs: 10_000},
      'onnx int8-exact': {windowMs: 1},
    });
    expect(decision.candidate).toEqual(first);
    expect(decision.because.spentMs).toBe(BUDGET_MS);
    expect(decision.because.leftOut).toMatchObject([
      {engine: 'onnx', numerics: 'float32', reason: 'late', detail: 'not measured within 1500 ms'},
      {engine: 'onnx', numerics: 'int8-exact', reason: 'late'},
    ]);
    expect(fakes.networks.map(({name, wasCalledOff}) => [name, wasCalledOff])).toEqual([
      ['tfjs float32', false],
      ['onnx float32', true],
    ]);
    expect(openOnly(fakes)).toEqual(['tfjs float32']);
  });

  it('is not exceeded by a candidate whose windows never come', async () => {
    const {decision} = await choose({'tfjs float32': {windowMs: 5}, 'onnx float32': {windowMs: Infinity}});
    expect(decision.candidate).toEqual(first);
    expect(decision.because.spentMs).toBe(BUDGET_MS);
    expect(decision.because.leftOut).toMatchObject([{reason: 'late'}]);
  });

  it('does not let a candidate win on too few windows', async () => {
    const {decision} = await choose(
      {'tfjs float32': {windowMs: 2}, 'onnx float32': {windowMs: 1, loadMs: 30}},
      {budgetMs: 100},
    );
    expect(decision.because.measured).toHaveLength(1);
    expect(decision.because.leftOut).toMatchObject([{engine: 'onnx', numerics: 'float32', reason: 'late'}]);
  });

  it('of nothing leaves the default, unmeasured', async () => {
    const {decision} = await choose(
      {'tfjs float32': {windowMs: 5}, 'onnx float32': {windowMs: 1}},
      {budgetMs: 0},
    );
    expect(decision.candidate).toEqual(first);
    expect(decision.because).toMatchObject({
      measured: [],
      leftOut: [{engine: 'onnx', reason: 'late'}],
      spentMs: 0,
    });
    expect(decision.because.text).toContain('the default, for nothing was measured in time');
  });
});

describe('failing', () => {
  it('does as the first candidate does, and leaves nothing open', async () => {
    await expect(choose({'tfjs float32': {windowMs: 1, loadError: 'no wasm'}})).rejects.toThrow('no wasm');
    await expect(choose({'tfjs float32': {windowMs: 1, runError: 'lost'}})).rejects.toThrow('lost');
  });

  it('gives the reason of an abort, wherever it comes, and disposes of what is loaded', async () => {
    for (const atMs of [5, 30, 300]) {
      const page = new AbortController();
      const fakes = runFakes({
        'tfjs float32': {windowMs: 1, loadMs: 20},
        'onnx float32': {windowMs: 1, loadMs: 1000},
      });
      const choosing = chooseEngine(optionsWith({signal: page.signal}), fakes.sources);
      choosing.catch(() => undefined);
      setTimeout(() => page.abort(new DOMException('stop', 'AbortError')), atMs);
      await vi.runAllTimersAsync();
      await expect(choosing, `at ${atMs} ms`).rejects.toMatchObject({name: 'AbortError'});
      expect(openOnly(fakes)).toEqual([]);
    }
  });
});

describe('remembering', () => {
  class FakeMemory implements ChoiceMemory {
    kept: KeptChoice | undefined;
    recall = () => Promise.resolve(this.kept);
    keep = async (choice: KeptChoice) => {
      this.kept = choice;
    };
  }

  async function chooseWith(memory: ChoiceMemory, behaviours: Record<string, FakeBehaviour>) {
    const fakes = runFakes(behaviours);
    const sources: ChoiceSources<FakeNetwork> = fakes.sources;
    const choosing = chooseOnce(optionsWith(), sources, memory);
    await vi.runAllTimersAsync();
    return {fakes, decision: await choosing};
  }

  const networks = {'tfjs float32': {windowMs: 5}, 'onnx float32': {windowMs: 2}};

  it('loads what was chosen the last time, and nothing else', async () => {
    const memory = new FakeMemory();
    const {decision: before} = await chooseWith(memory, networks);
    const {fakes, decision} = await chooseWith(memory, networks);
    expect(fakes.networks.map(({name}) => name)).toEqual(['onnx float32']);
    expect(fakes.networks[0]?.runCount).toBe(1); // that it runs, not how fast
    expect(decision.candidate).toEqual(before.candidate);
    expect(decision.because).toEqual({
      ...before.because,
      basis: 'remembered',
      spentMs: 0,
      text: `Remembered from an earlier visit. ${before.because.text}`,
    });
    expect(memory.kept?.because.basis).toBe('measured');
  });

  it.each(['loadError', 'runError'] as const)(
    'measures anew where it does not run any more: %s',
    async (error) => {
      const memory = new FakeMemory();
      await chooseWith(memory, networks);
      const broken = {...networks, 'onnx float32': {windowMs: 2, [error]: 'gone'}};
      const {fakes, decision} = await chooseWith(memory, broken);
      expect(decision.candidate).toEqual(first);
      expect(decision.because.leftOut).toMatchObject([{engine: 'onnx', detail: 'gone'}]);
      expect(memory.kept?.candidate).toEqual(first);
      expect(openOnly(fakes)).toEqual(['tfjs float32']);
    },
  );
});
