import type {ChosenBecause, EngineCandidate, MeasuredCandidate} from '../../protocol/engine-choice.ts';
import type {Ranking} from './measured-choice.ts';
import {nameOf} from './unmeasured-reason.ts';

/** What a measurement gave, in sentences: the verdict, each candidate's figures, what was left out and why. */
export function explainMeasurement(
  first: EngineCandidate,
  ranking: Ranking | undefined,
  {measured, leftOut}: Pick<ChosenBecause, 'measured' | 'leftOut'>,
): string {
  const sentences = [`Measured on this device: ${verdict(first, ranking, measured.length)}`];
  if (measured.length > 0) sentences.push(`A window takes ${measured.map(figures).join('; ')}`);
  if (leftOut.length > 0) {
    sentences.push(
      `Left out: ${leftOut.map((candidate) => `${nameOf(candidate)} (${candidate.detail})`).join('; ')}`,
    );
  }
  return `${sentences.join('. ')}.`;
}

function verdict(first: EngineCandidate, ranking: Ranking | undefined, measuredCount: number): string {
  if (!ranking) return `${nameOf(first)}, the default, for nothing was measured in time`;
  const name = nameOf(ranking.winner);
  if (measuredCount === 1) return `${name}, the default, for there is no other to compare it with`;
  if (ranking.decidedBy === 'time') return `${name} is the fastest`;
  if (ranking.decidedBy === 'bytes') return `${name} is as fast as any, and the smallest download of those`;
  return `${name} is as fast as any, and comes first`;
}

function figures(candidate: MeasuredCandidate): string {
  const {p50Ms, p95Ms} = candidate;
  return `${p50Ms.toFixed(2)} ms with ${nameOf(candidate)} (p95 ${p95Ms.toFixed(2)} ms)`;
}
