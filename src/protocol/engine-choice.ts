import type {EngineChoice, NumericsChoice} from './messages.ts';

/** One way to run a network. */
export interface EngineCandidate {
  readonly engine: EngineChoice;
  readonly numerics: NumericsChoice;
}

/** What a candidate did on this device. */
export interface MeasuredCandidate extends EngineCandidate {
  /** Threads that ran it: more than one only where the page asked for them, could have them, and the engine takes them. */
  readonly threadCount: number;
  /** Time of one window, milliseconds: the median, and what 95 of 100 windows do not exceed. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Windows that were timed. */
  readonly windowCount: number;
  /** What its engine's files weigh as they come over the network; 0 where the browser does not tell. */
  readonly engineBytes: number;
  /** Largest difference from the outputs of the first candidate ÷ their range; 0 for the first itself. */
  readonly difference: number;
}

/** A candidate that could not win, and why. */
export interface LeftOutCandidate {
  readonly engine: EngineChoice;
  /** Absent where the engine as a whole was left out. */
  readonly numerics?: NumericsChoice;
  /**
   * `late`: not measured within the budget; `disagrees`: its outputs are too far from those of the first candidate;
   * `failed`: it threw; `unsupported`: the network is not quantised, or has ops that it does not run.
   */
  readonly reason: 'late' | 'disagrees' | 'failed' | 'unsupported';
  readonly detail: string;
}

/** Why this engine with these numerics runs. */
export interface ChosenBecause {
  /**
   * `asked`: the page named the engine or the numerics; `default`: the system's card names them; `measured`: on this
   * device, just now; `remembered`: measured on an earlier visit.
   */
  readonly basis: 'asked' | 'default' | 'measured' | 'remembered';
  /** The same for people to read. */
  readonly text: string;
  /** In the order in which they were measured, the system's default first; empty where nothing was. */
  readonly measured: readonly MeasuredCandidate[];
  readonly leftOut: readonly LeftOutCandidate[];
  /** What choosing added to the time of loading the default, milliseconds; 0 where nothing was measured. */
  readonly spentMs: number;
}
