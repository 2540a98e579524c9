import type {OperatingPoint, KeywordCard} from './card.ts';

/**
 * How a threshold is asked for: as smoothed posterior, 0…1, or as `auto:<rate>/h`, the most false accepts an hour that
 * are put up with, which picks the threshold from the operating curve on the system's card.
 */
export type ThresholdChoice = number | `auto:${number}/h`;

const AUTOMATIC = /^auto:(\d+\.?\d*|\.\d+)\/h$/; // a rate is a plain decimal number, without sign and exponent

/**
 * The threshold that is meant: a number is itself, and so is its text, as an attribute or a framework gives it;
 * `auto:<rate>/h` is that of the card's operating point with the fewest misses among those with at most this many
 * false accepts an hour. Any thread.
 * @returns a number; that it is 0…1 is for the caller to check, who knows what else is in force.
 * @throws RangeError with got and expected: for text that is neither, a rate that is not above 0, a rate that no point
 * of the curve reaches, and a card without a curve.
 */
export function resolveThreshold(choice: number | string, card: KeywordCard): number {
  if (typeof choice === 'number') return choice;
  const text = choice.trim();
  if (text !== '' && !Number.isNaN(Number(text))) return Number(text);
  const rate = Number(AUTOMATIC.exec(text)?.[1] ?? NaN);
  if (!(rate > 0)) throw refusal(choice, 'a number 0…1 or auto:RATE/h with a RATE above 0');
  return pickPoint(choice, rate, card).threshold;
}

function pickPoint(choice: string, rate: number, {id, operatingCurve}: KeywordCard): OperatingPoint {
  if (!operatingCurve) throw refusal(choice, `a number 0…1: the card of ${id} has no operating curve`);
  const [best] = operatingCurve
    .filter(({falseAcceptsPerHour}) => falseAcceptsPerHour <= rate)
    .sort((a, b) => a.falseRejectRate - b.falseRejectRate || a.falseAcceptsPerHour - b.falseAcceptsPerHour);
  if (best) return best;
  const lowest = Math.min(...operatingCurve.map(({falseAcceptsPerHour}) => falseAcceptsPerHour));
  throw refusal(choice, `at least ${lowest}/h, the lowest rate of the curve of ${id}`);
}

function refusal(choice: string, expected: string): RangeError {
  return new RangeError(`got threshold "${choice}", expected ${expected}`);
}
