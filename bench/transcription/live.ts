import {openSpotterPage} from '../../test/support/spotter-page.ts';
import {concatenateWithSilence, silence, writeWav} from '../../test/support/wav.ts';
import {withRatio, type Row} from '../measurement.ts';
import {RATE_HZ} from '../speech-material.ts';
import {median} from '../statistics.ts';
import type {HeardClip} from './hear-by-design.ts';
import {
  findFirstSample,
  findRecordingStart,
  measureLatencies,
  type Latency,
  type SpeechSpan,
} from './latency.ts';
import {spanOfSpeech} from './material.ts';
import {rowOf} from './rows.ts';
import {listenLive, loadTranscribers, type HeardLive} from './transcribing-page.ts';

/** Between clips: the final of one comes before the next begins, also where the machine is late. */
const GAP_MS = 3000;
const WARM_UP_MS = 2000; // within the silence before the first clip
const SILENCE_MS = 20_000;

/**
 * Latencies of live text, and what listening costs, to speech and to silence.
 * @param wavPath where the microphone's file may be written.
 */
export async function measureLive(heard: readonly HeardClip[], wavPath: string): Promise<readonly Row[]> {
  const clips = heard.map(({clip}) => clip);
  const waits = heard.map(({waits: own}) => own);
  const {samples, clipStarts} = concatenateWithSilence(clips, GAP_MS, RATE_HZ);
  const spoken = await listenTo(samples, wavPath);
  const silent = await listenTo(silence(SILENCE_MS, RATE_HZ), wavPath);
  const clipStartsMs = clipStarts.map((sample) => (1000 * sample) / RATE_HZ);
  const recordingStartMs = findRecordingStart(spoken.levels, clipStartsMs);
  const spans = clips.map((clip, index): SpeechSpan => {
    const clipStartMs = recordingStartMs + (clipStartsMs[index] ?? NaN);
    const {startMs, endMs} = spanOfSpeech(clip);
    return {startMs: clipStartMs + startMs, endMs: clipStartMs + endMs};
  });
  const firstSampleMs = findFirstSample(spoken.levels, spoken.bufferMs);
  const {firstPartials, finals} = measureLatencies(spans, spoken.texts, firstSampleMs, waits);
  return [
    latencyRow('first partial after the first speech', firstPartials, clips.length),
    latencyRow('final after the end of speech', finals, clips.length),
    ...shareRows('listening to silence (the speech gate alone)', silent),
    ...shareRows('listening to speech', spoken),
  ];
}

async function listenTo(samples: Float32Array, wavPath: string): Promise<HeardLive> {
  writeWav(wavPath, samples, RATE_HZ);
  const page = await openSpotterPage({microphoneWav: wavPath});
  try {
    await loadTranscribers(page, [{}]);
    return await listenLive(page, WARM_UP_MS, (1000 * samples.length) / RATE_HZ - WARM_UP_MS);
  } finally {
    await page.close();
  }
}

function latencyRow(name: string, latencies: readonly Latency[], clipCount: number): Row {
  if (latencies.length === 0) return {name, unit: 'ms', note: `none of ${clipCount} utterances has one`};
  const times = latencies.map(({ms}) => ms);
  const byDesign = latencies.map(({byDesignMs}) => byDesignMs);
  const added = latencies.map(({ms, byDesignMs}) => ms - byDesignMs);
  const note = `${latencies.length} of ${clipCount} utterances; computing adds ${median(added).toFixed(0)} ms to what is by design (median)`;
  const row = rowOf(name, 'ms', times, note);
  return withRatio({...row, against: {name: 'the sound that must be heard first', value: median(byDesign)}});
}

/** The worker's clock counts time in which another program had the core, too. */
function shareRows(what: string, {coreShare, realTimeFactor}: HeardLive): readonly Row[] {
  const unit = 'share of a core';
  return [
    {name: what, unit, value: coreShare, note: 'processor time of the page with all its threads ÷ time'},
    {name: `${what}, the worker by its own clock`, unit, value: realTimeFactor},
  ];
}
