import type {Row} from '../measurement.ts';
import {median, quantile} from '../statistics.ts';

/** The peer of the large systems that transformers.js knows. */
export const PEER = 'transformers.js';

/** Values of the rounds, and of the peer's in the same rounds; none where it does not run this. */
export interface PairedValues {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peers: readonly number[];
}

/** A row whose ratio is the median of the rounds' own: what else the machine did in one fell on both. */
export function pairedRow({name, unit, ours, peers}: PairedValues): Row {
  const row = {name, unit, value: median(ours), p5: quantile(ours, 0.05)};
  if (peers.length === 0) return row;
  const ratios = ours.map((value, round) => value / (peers[round] ?? NaN));
  return {...row, against: {name: PEER, value: median(peers)}, ratio: median(ratios)};
}
