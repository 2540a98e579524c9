import type {DetectionOptions} from '../protocol/messages.ts';
import type {KeywordCard} from '../systems/card.ts';
import {resolveThreshold} from '../systems/operating-point.ts';
import {checkRanges} from './check-range.ts';
import type {DetectionChoice} from './spotter-options.ts';

/** Lowest and highest allowed value of each numeric option. */
const RANGES = {
  threshold: [0.01, 1], // at 0 whatever is likeliest would count as heard, silence or not
  hopMs: [20, 1000],
  smoothingMs: [20, 2000],
  refractoryMs: [0, 10_000],
} as const;

/**
 * The detection options among others, checked, the threshold as the number that it is with this system's card.
 * @throws RangeError with got and expected.
 */
export function checkDetection(options: DetectionChoice, card: KeywordCard): DetectionOptions {
  const {keywords, threshold} = options;
  if (keywords?.length === 0) throw new RangeError('got no keywords, expected at least one');
  const resolved = threshold === undefined ? undefined : resolveThreshold(threshold, card);
  const checked = checkRanges({...options, threshold: resolved}, RANGES);
  return {...checked, ...(keywords && {keywords: [...keywords]})}; // a copy: a framework's proxy cannot be sent
}
