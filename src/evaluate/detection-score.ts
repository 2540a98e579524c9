/** A word that was said, and when; milliseconds. */
export interface LabelledWord {
  readonly keyword: string;
  readonly startTime: number;
  readonly endTime: number;
}

/** A keyword that was reported, and where its end is taken to be; milliseconds. */
export interface TimedDetection {
  readonly keyword: string;
  readonly endTime: number;
}

/** What became of the labelled words and of the detections of one recording. */
export interface DetectionMatch<Detection extends TimedDetection = TimedDetection> {
  readonly hits: readonly {readonly word: LabelledWord; readonly detection: Detection}[];
  readonly misses: readonly LabelledWord[];
  /** Detections that match no word, and second ones of a word. */
  readonly falseAccepts: readonly Detection[];
}

/** Rates of a whole evaluation. */
export interface DetectionScore {
  readonly wordCount: number;
  readonly hitCount: number;
  readonly missCount: number;
  /** missCount ÷ wordCount; NaN where no word was said. */
  readonly falseRejectRate: number;
  readonly falseAcceptCount: number;
  readonly falseAcceptsPerHour: number;
}

/** How far from its word a detection may lie: half a keyword window, beyond which another word would fit. */
export const DEFAULT_TOLERANCE_MS = 500;

const MS_PER_HOUR = 3_600_000;

/**
 * Pairs detections with labelled words. A detection hits a word where the keyword is the same and the detection's end
 * (the one time that a keyword model measures) lies in [startTime − tolerance, endTime + tolerance]. Each word takes
 * one detection and each detection one word; among the words that a detection could hit, that which ends first is
 * taken, which leaves as few misses as any pairing can. Any thread.
 */
export function matchDetections<Detection extends TimedDetection>(
  words: readonly LabelledWord[],
  detections: readonly Detection[],
  toleranceMs: number = DEFAULT_TOLERANCE_MS,
): DetectionMatch<Detection> {
  if (!(toleranceMs >= 0)) throw new RangeError(`toleranceMs: got ${toleranceMs}, expected 0 or more`);
  const open = words.toSorted((a, b) => a.endTime - b.endTime);
  const hits: {word: LabelledWord; detection: Detection}[] = [];
  const falseAccepts: Detection[] = [];
  for (const detection of detections.toSorted((a, b) => a.endTime - b.endTime)) {
    const index = open.findIndex((word) => isWithin(detection, word, toleranceMs));
    const [word] = index < 0 ? [] : open.splice(index, 1);
    if (word) hits.push({word, detection});
    else falseAccepts.push(detection);
  }
  return {hits, misses: open, falseAccepts};
}

/** Adds up the matches of several recordings that last `durationMs` together. Any thread. */
export function scoreDetections(matches: readonly DetectionMatch[], durationMs: number): DetectionScore {
  const hitCount = matches.reduce((total, {hits}) => total + hits.length, 0);
  const missCount = matches.reduce((total, {misses}) => total + misses.length, 0);
  const falseAcceptCount = matches.reduce((total, {falseAccepts}) => total + falseAccepts.length, 0);
  return {
    wordCount: hitCount + missCount,
    hitCount,
    missCount,
    falseRejectRate: missCount / (hitCount + missCount),
    falseAcceptCount,
    falseAcceptsPerHour: perHour(falseAcceptCount, durationMs),
  };
}

/** Events per hour of audio. Any thread. */
export function perHour(count: number, durationMs: number): number {
  return (count * MS_PER_HOUR) / durationMs;
}

function isWithin(detection: TimedDetection, word: LabelledWord, toleranceMs: number): boolean {
  return (
    detection.keyword === word.keyword &&
    detection.endTime >= word.startTime - toleranceMs &&
    detection.endTime <= word.endTime + toleranceMs
  );
}
