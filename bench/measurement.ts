import type {TimingPage} from './timing-page.ts';

/** A figure of the peer that ours stands beside, measured in the same run. */
export interface Peer {
  readonly name: string;
  readonly value: number;
}

/** One figure of a result, or the reason why there is none. */
export interface Row {
  /** What was measured; no two rows of a measurement have the same. */
  readonly name: string;
  readonly unit: string;
  /** Median of the rounds, or the count itself where it is counted once. Absent where it could not be had. */
  readonly value?: number;
  /** What 1 round in 20 stays below: closer to what the code needs where the machine is busy. */
  readonly p5?: number;
  readonly against?: Peer;
  /** `value` ÷ the peer's: below 1 ours is the faster or the smaller one. */
  readonly ratio?: number;
  /** How it was measured, or why it is missing. */
  readonly note?: string;
}

/** What a measurement may use. */
export interface BenchContext {
  /** Rounds after the warm-up. */
  readonly rounds: number;
  readonly page: TimingPage;
}

/** One table of the benchmark. */
export interface Measurement {
  /** One word, for `--only`. */
  readonly id: string;
  /** What is compared with what, and how. */
  readonly title: string;
  readonly run: (context: BenchContext) => Promise<readonly Row[]>;
}

/** A row with the ratio that its value has to the peer's. */
export function withRatio(row: Row): Row {
  if (row.value === undefined || row.against === undefined) return row;
  return {...row, ratio: row.value / row.against.value};
}
