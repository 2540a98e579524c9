import type {ChosenBecause, EngineCandidate, LeftOutCandidate} from '../../protocol/engine-choice.ts';
import type {EngineName, Numerics} from '../engine.ts';
import type {NumericsSupport} from '../engines.ts';
import {settleWithin} from '../settle-within.ts';
import {explainMeasurement} from './explain-choice.ts';
import {
  computeDifference,
  computePercentile,
  pickFastest,
  toleranceBetween,
  type Ranking,
} from './measured-choice.ts';
import {timeWindows, type Timing} from './time-windows.ts';

/** A network loaded into an engine, ready to be measured. */
export interface MeasurableNetwork {
  /** Threads that run it. */
  readonly threadCount: number;
  /** Runs one of the windows; its output [outputCount] is freshly allocated. */
  run(windowIndex: number): Promise<Float32Array>;
  dispose(): void;
}

/** Between what is chosen, and for how long. */
export interface ChoiceOptions {
  /** What would run unmeasured: it is loaded whatever that takes, the others' outputs are compared with its. */
  readonly first: EngineCandidate;
  readonly engines: readonly EngineName[];
  /** These only, where the page asked for them. */
  readonly numerics?: Numerics | undefined;
  /** How many windows there are to run. */
  readonly windowCount: number;
  /** What choosing may add to the time of loading the first candidate, milliseconds. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

/** What choosing needs of the thread it runs in. */
export interface ChoiceSources<Network extends MeasurableNetwork> {
  /** Milliseconds, from anywhere. */
  readonly now: () => number;
  readonly supportOf: (engine: EngineName, signal: AbortSignal) => Promise<readonly NumericsSupport[]>;
  readonly load: (candidate: EngineCandidate, signal: AbortSignal) => Promise<Network>;
  /** Bytes that this thread has loaded so far, as they come over the network. */
  readonly loadedBytes: () => number;
}

/** What was chosen, loaded, and why. */
export interface EngineDecision<Network> {
  readonly candidate: EngineCandidate;
  readonly network: Network;
  readonly because: ChosenBecause;
}

/**
 * Loads the first candidate, then times it and every other that the budget has room for, and keeps the fastest of
 * those that agree with the first. What throws, disagrees, or is not measured in time is left out and named. A step
 * that blocks the thread cannot be cut short: the budget is exceeded by the rest of that one step at most.
 * Worker or Node.
 * @throws whatever the first candidate throws; the signal's reason where it aborts.
 */
export async function chooseEngine<Network extends MeasurableNetwork>(
  options: ChoiceOptions,
  sources: ChoiceSources<Network>,
): Promise<EngineDecision<Network>> {
  return await new Contest(options, sources).decide();
}

interface Entrant<Network> {
  readonly candidate: EngineCandidate;
  readonly network: Network;
  readonly timing: Timing;
  readonly difference: number;
}

/** Ends the trial of one candidate. */
class Elimination extends Error {
  readonly reason: LeftOutCandidate['reason'];

  constructor(reason: LeftOutCandidate['reason'], detail: string) {
    super(detail);
    this.reason = reason;
  }
}

class Contest<Network extends MeasurableNetwork> {
  readonly #options: ChoiceOptions;
  readonly #sources: ChoiceSources<Network>;
  readonly #entrants: Entrant<Network>[] = [];
  readonly #leftOut: LeftOutCandidate[] = [];
  readonly #engineBytes = new Map<EngineName, number>();
  #deadlineMs = Infinity;

  constructor(options: ChoiceOptions, sources: ChoiceSources<Network>) {
    this.#options = options;
    this.#sources = sources;
  }

  async decide(): Promise<EngineDecision<Network>> {
    const {first, budgetMs, signal} = this.#options;
    const network = await this.#load(first, signal);
    const startMs = this.#sources.now();
    this.#deadlineMs = startMs + budgetMs;
    try {
      const timing = await this.#time(network);
      this.#entrants.push({candidate: first, network, timing, difference: 0});
      for (const engine of this.#enginesInOrder()) await this.#tryEngine(engine);
    } catch (error) {
      network.dispose();
      for (const entrant of this.#entrants) entrant.network.dispose();
      throw error;
    }
    return this.#conclude(startMs);
  }

  /** The first candidate's engine first: its files are here. */
  #enginesInOrder(): readonly EngineName[] {
    const {first, engines} = this.#options;
    return [first.engine, ...engines.filter((engine) => engine !== first.engine)];
  }

  async #tryEngine(engine: EngineName): Promise<void> {
    const {first, numerics: asked} = this.#options;
    await this.#orLeaveOut({engine}, async (signal) => {
      if (engine !== first.engine) this.#checkTime();
      const asking = this.#sources.supportOf(engine, signal);
      const support = engine === first.engine ? await asking : await this.#inTime(asking);
      if (support.length === 0) throw new Elimination('unsupported', 'it runs quantised networks only');
      for (const {numerics, unsupportedOps} of support) {
        const candidate: EngineCandidate = {engine, numerics};
        if (asked !== undefined && numerics !== asked) continue;
        if (engine === first.engine && numerics === first.numerics) continue;
        await this.#orLeaveOut(candidate, (signal) => this.#tryCandidate(candidate, unsupportedOps, signal));
      }
    });
  }

  async #tryCandidate(
    candidate: EngineCandidate,
    unsupportedOps: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    if (unsupportedOps.length > 0) {
      throw new Elimination('unsupported', `it does not run ${unsupportedOps.join(', ')}`);
    }
    this.#checkTime();
    const loading = this.#load(candidate, signal);
    try {
      const network = await this.#inTime(loading);
      const timing = await this.#inTime(this.#time(network));
      if (!timing.isEnough) throw this.#late();
      this.#entrants.push({candidate, network, timing, difference: this.#compare(candidate, timing)});
    } catch (error) {
      // also where it comes after the time is up
      loading.then(
        (network) => {
          network.dispose();
        },
        () => undefined,
      );
      throw error;
    }
  }

  /** @throws Elimination where the outputs are too far from those of the first candidate. */
  #compare({numerics}: EngineCandidate, {outputs}: Timing): number {
    const reference = this.#entrants[0]?.timing.outputs ?? [];
    const tolerance = toleranceBetween(this.#options.first.numerics, numerics);
    const difference = computeDifference(reference, outputs);
    if (difference <= tolerance) return difference;
    const share = difference.toPrecision(2);
    throw new Elimination(
      'disagrees',
      `got outputs ${share} of their range away from the default's, expected ${tolerance} at most`,
    );
  }

  /** Runs the trial of a candidate, and names the candidate where that fails; only the page's abort goes on. */
  async #orLeaveOut(
    candidate: Pick<LeftOutCandidate, 'engine' | 'numerics'>,
    trial: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const ending = new AbortController();
    try {
      await trial(AbortSignal.any([this.#options.signal, ending.signal]));
    } catch (error) {
      this.#options.signal.throwIfAborted();
      ending.abort(error); // its downloads, if any are under way
      const reason = error instanceof Elimination ? error.reason : 'failed';
      const detail = error instanceof Error ? error.message : String(error);
      this.#leftOut.push({...candidate, reason, detail});
    }
  }

  async #load(candidate: EngineCandidate, signal: AbortSignal): Promise<Network> {
    const {load, loadedBytes} = this.#sources;
    const before = loadedBytes();
    const network = await load(candidate, signal);
    const bytes = this.#engineBytes.get(candidate.engine) ?? 0;
    this.#engineBytes.set(candidate.engine, bytes + loadedBytes() - before);
    return network;
  }

  #time(network: Network): Promise<Timing> {
    const {windowCount} = this.#options;
    return timeWindows(network, {windowCount, now: this.#sources.now, deadlineMs: this.#deadlineMs});
  }

  #inTime<Value>(work: Promise<Value>): Promise<Value> {
    const timeoutMs = Math.max(0, this.#deadlineMs - this.#sources.now());
    return settleWithin(work, {timeoutMs, onTimeout: () => this.#late(), signal: this.#options.signal});
  }

  #checkTime(): void {
    this.#options.signal.throwIfAborted();
    if (this.#sources.now() >= this.#deadlineMs) throw this.#late();
  }

  #late(): Elimination {
    return new Elimination('late', `not measured within ${this.#options.budgetMs} ms`);
  }

  #conclude(startMs: number): EngineDecision<Network> {
    const {first} = this.#options;
    const measured = this.#entrants
      .filter(({timing}) => timing.isEnough)
      .map(({candidate, network: {threadCount}, timing: {timesMs}, difference}) => ({
        ...candidate,
        threadCount,
        p50Ms: computePercentile(timesMs, 0.5),
        p95Ms: computePercentile(timesMs, 0.95),
        windowCount: timesMs.length,
        engineBytes: this.#engineBytes.get(candidate.engine) ?? 0,
        difference,
      }));
    const ranking = pickFastest(measured);
    const {candidate, network} = this.#keepOnly(ranking);
    const leftOut = this.#leftOut;
    const text = explainMeasurement(first, ranking, {measured, leftOut});
    const spentMs = this.#sources.now() - startMs;
    return {candidate, network, because: {basis: 'measured', text, measured, leftOut, spentMs}};
  }

  /** The winner, or the first where there is none; the others are disposed of. */
  #keepOnly(ranking: Ranking | undefined): Entrant<Network> {
    const isWinner = ({candidate: {engine, numerics}}: Entrant<Network>): boolean =>
      engine === ranking?.winner.engine && numerics === ranking.winner.numerics;
    const kept = this.#entrants.find(isWinner) ?? this.#entrants[0];
    if (!kept) throw new Error('got no candidate, expected the first at least');
    for (const entrant of this.#entrants) if (entrant !== kept) entrant.network.dispose();
    return kept;
  }
}
