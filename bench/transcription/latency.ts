/** Where somebody speaks, milliseconds on the page's clock. */
export interface SpeechSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** A text that was told. */
export interface TextEvent {
  readonly kind: 'partial' | 'final';
  /** When it was told. */
  readonly ms: number;
  /** Of a partial the start of its utterance, of a final the end: milliseconds from the first captured sample. */
  readonly audioMs: number;
}

/** Loudness of one buffer of sound, and when it was told. */
export interface LevelEvent {
  readonly ms: number;
  readonly levelDb: number;
}

/** How much sound the texts of a clip need behind the places that they count from, were computing free. */
export interface Waits {
  /** From the start of an utterance to its first partial. */
  readonly partialMs: number;
  /** From the end of an utterance to its final. */
  readonly finalMs: number;
}

/** How long one text took after speech, and what of it the sound takes that must be heard first. */
export interface Latency {
  readonly ms: number;
  readonly byDesignMs: number;
}

/** Louder than digital silence, quieter than the least bit of a recording. */
const QUIET_DB = -110;
/** No pause within a recording is as long and digital silence. */
const MIN_SILENCE_MS = 1000;

/**
 * Measures how long after speech its text came: first partials after its start, last finals after its end. A text
 * belongs to the newest span that began before it.
 * @param spans in order, apart.
 * @param texts in order.
 * @param firstSampleMs when the first sample was captured.
 * @param waits one for each span.
 */
export function measureLatencies(
  spans: readonly SpeechSpan[],
  texts: readonly TextEvent[],
  firstSampleMs: number,
  waits: readonly Waits[],
): {readonly firstPartials: readonly Latency[]; readonly finals: readonly Latency[]} {
  const firstPartials: Latency[] = [];
  const finals: Latency[] = [];
  spans.forEach(({startMs, endMs}, index) => {
    const nextMs = spans[index + 1]?.startMs ?? Infinity;
    const own = texts.filter(({ms}) => ms >= startMs && ms < nextMs);
    const partial = own.find(({kind}) => kind === 'partial');
    const final = own.findLast(({kind}) => kind === 'final');
    const wait = waits[index] ?? {partialMs: NaN, finalMs: NaN};
    if (partial) {
      const heardMs = firstSampleMs + partial.audioMs + wait.partialMs;
      firstPartials.push({ms: partial.ms - startMs, byDesignMs: heardMs - startMs});
    }
    if (final) {
      const heardMs = firstSampleMs + final.audioMs + wait.finalMs;
      finals.push({ms: final.ms - endMs, byDesignMs: heardMs - endMs});
    }
  });
  return {firstPartials, finals};
}

/**
 * Finds when the first sample was captured: a level is told for each buffer once it is full. Of all buffers the one
 * that took least counts, since a busy machine only adds.
 * @param levels in order, of all buffers.
 */
export function findFirstSample(levels: readonly LevelEvent[], bufferMs: number): number {
  return Math.min(...levels.map(({ms}, index) => ms - (index + 1) * bufferMs));
}

/**
 * Finds when the microphone's recording began: each sound after silence is the start of a clip that has reached the
 * worker. Of all clips the one that took least counts.
 * @param levels in order.
 * @param clipStartsMs where clips begin in the recording, in order, with digital silence before each.
 * @throws Error where there are not as many sounds as clips.
 */
export function findRecordingStart(levels: readonly LevelEvent[], clipStartsMs: readonly number[]): number {
  const onsets: number[] = [];
  let quietSinceMs: number | undefined;
  for (const {ms, levelDb} of levels) {
    if (levelDb < QUIET_DB) quietSinceMs ??= ms;
    else {
      if (quietSinceMs !== undefined && ms - quietSinceMs >= MIN_SILENCE_MS) onsets.push(ms);
      quietSinceMs = undefined;
    }
  }
  if (onsets.length !== clipStartsMs.length) {
    throw new Error(`got ${onsets.length} sounds after silence, expected ${clipStartsMs.length}`);
  }
  return Math.min(...onsets.map((ms, index) => ms - (clipStartsMs[index] ?? NaN)));
}
