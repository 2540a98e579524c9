import type {ChosenBecause, LeftOutCandidate} from '../../protocol/engine-choice.ts';

/** What a candidate is called by. */
export interface CandidateParts extends Pick<LeftOutCandidate, 'engine' | 'numerics'> {
  readonly threadCount?: number;
}

/** A candidate as people read it, for example `tfjs float32` or `onnx float32 on 2 threads`. */
export function nameOf({engine, numerics, threadCount = 1}: CandidateParts): string {
  const name = numerics === undefined ? engine : `${engine} ${numerics}`;
  return threadCount === 1 ? name : `${name} on ${threadCount} threads`;
}

/** The reason for a candidate that nobody measured: the page asked for it, or it is the default of the card. */
export function unmeasuredReason(basis: 'asked' | 'default', candidate: CandidateParts): ChosenBecause {
  const why = basis === 'asked' ? 'as the page asks' : 'the default of the system';
  return {basis, text: `${nameOf(candidate)}: ${why}.`, measured: [], leftOut: [], spentMs: 0};
}
