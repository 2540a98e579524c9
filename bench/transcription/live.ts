import type {LoadedTranscriber} from '../../src/pipeline/load-transcriber.ts';
import {sharedPath} from '../../test/support/shared.ts';
import {silence, writeWav} from '../../test/support/wav.ts';
import {withRatio, type Row} from '../measurement.ts';
import {RATE_HZ} from '../speech-material.ts';
import {median, quantile} from '../statistics.ts';
import {hearInElement, type HeardInElement} from './hear-in-element.ts';
import {
  listenTo,
  measureLatencies,
  onRecordingClock,
  prepareRecording,
  textsOfClips,
  type Latencies,
} from './read-aloud.ts';
import {loadReadClips} from './read-clips.ts';
import {rowOf} from './rows.ts';

/** Pauses long enough for the final to come before the next clip, in the noise of a quiet room. */
const LAYOUT = {pauseMs: 1500, roomDb: -65};
const SILENCE_MS = 20_000;

/**
 * Latencies of live text as `bench/live-latency.ts` measures them, and what listening costs, to speech and to silence.
 * @param clipCount of librispeech-other-dev, spread evenly.
 * @param wavPath where the microphone's file may be written.
 * @throws Error where the shared material is absent.
 */
export async function measureLive(
  transcriber: LoadedTranscriber,
  clipCount: number,
  wavPath: string,
): Promise<readonly Row[]> {
  const clips = await loadReadClips(sharedPath('audio/librispeech-other-dev'), clipCount);
  const recording = await prepareRecording(transcriber, clips, LAYOUT);
  const byDesign = measureLatencies(recording, textsOfClips(recording, recording.texts, LAYOUT));
  const spoken = await listenTo(recording, wavPath);
  writeWav(wavPath, silence(SILENCE_MS, RATE_HZ), RATE_HZ);
  const silent = await hearInElement(wavPath, SILENCE_MS);
  const texts = textsOfClips(recording, onRecordingClock(spoken, recording), LAYOUT);
  const shown = measureLatencies(recording, texts);
  return [
    latencyRow('word in the text, for the first time', firstsOf(shown), firstsOf(byDesign)),
    latencyRow('word in the text, for good', forGoodOf(shown), forGoodOf(byDesign)),
    latencyRow('final after the end of speech', shown.finals, byDesign.finals),
    ...shareRows('listening to silence (the speech gate alone)', silent),
    ...shareRows('listening to speech', spoken),
  ];
}

const firstsOf = ({words}: Latencies): readonly number[] => words.map(({firstMs}) => firstMs);
const forGoodOf = ({words}: Latencies): readonly number[] => words.map(({forGoodMs}) => forGoodMs);

function latencyRow(name: string, latencies: readonly number[], byDesign: readonly number[]): Row {
  const times = latencies.filter(Number.isFinite);
  const spread = `${quantile(times, 0.9).toFixed(0)} ms in 9 of 10, ${quantile(times, 1).toFixed(0)} ms at worst`;
  const row = rowOf(name, 'ms', times, `${times.length} of ${latencies.length}; ${spread}`);
  const least = median(byDesign.filter(Number.isFinite));
  return withRatio({...row, against: {name: 'the sound that must be heard first', value: least}});
}

/** The worker's clock counts time in which another program had the core, too. */
function shareRows(what: string, {coreShare, realTimeFactor}: HeardInElement): readonly Row[] {
  const unit = 'share of a core';
  return [
    {name: what, unit, value: coreShare, note: 'processor time of the page with all its threads ÷ time'},
    {name: `${what}, the worker by its own clock`, unit, value: realTimeFactor},
  ];
}
