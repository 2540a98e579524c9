import type {ChosenBecause, EngineCandidate, LeftOutCandidate} from '../../protocol/engine-choice.ts';

/** A candidate as people read it, for example `tfjs float32`. */
export function nameOf({engine, numerics}: Pick<LeftOutCandidate, 'engine' | 'numerics'>): string {
  return numerics === undefined ? engine : `${engine} ${numerics}`;
}

/** The reason for a candidate that nobody measured: the page asked for it, or it is the default of the card. */
export function unmeasuredReason(basis: 'asked' | 'default', candidate: EngineCandidate): ChosenBecause {
  const why = basis === 'asked' ? 'as the page asks' : 'the default of the system';
  return {basis, text: `${nameOf(candidate)}: ${why}.`, measured: [], leftOut: [], spentMs: 0};
}
