/**
 * Prints how long text takes to come while somebody speaks: `<live-transcript>` of the built package on a plain page in
 * headless Chromium, with a recording as its microphone, so AudioWorklet → worker → element, as in the demo.
 *
 * The recording: utterances of a folder with an index.jsonl, one after the other, with pauses between them, over the noise
 * of a quiet room (so that pauses are no digital silence; `--room-db -Infinity` leaves it out). How its clock is found in
 * the page is told at `onRecordingClock` (bench/transcription/read-aloud.ts); the delay of a real microphone, and of what
 * the browser does to its sound, is not in it.
 *
 * Words: from the end of a word in the sound until the element, having rendered, has it in its text; for the first time,
 * and for good. Painting takes up to one more frame of the screen. Where words end is found by aligning the reference text
 * with what the network hears (bench/transcription/align-words.ts); the last line says how long before the end of its energy
 * the last word ends that way. Words that the last text lacks have no latency. Finals: from the end of speech before each
 * pause, by energy (`labelSpeech`), until the last final of what was said before it. How many finals there are, and the word
 * error rate of them together, say what ending utterances where they do costs.
 *
 * "By design" is how much sound must be heard, computed in Node, where nothing is late: the rest is computing and passing
 * messages, so it grows where other programs have the processor.
 * Usage: npx vite build --mode package && npx tsx bench/live-latency.ts --data DIR [--utterances 8] [--pause-ms 1500]
 *        [--room-db -65] [--no-browser]
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {cpus, loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {loadTranscriptionSystem} from '../src/cli/load-system.ts';
import {computeWordErrors, totalErrorRate} from '../src/evaluate/error-rate.ts';
import {quantile} from './statistics.ts';
import type {HeardText} from './transcription/hear.ts';
import {
  listenTo,
  measureLatencies,
  onRecordingClock,
  prepareRecording,
  textsOfClips,
} from './transcription/read-aloud.ts';
import {loadReadClips} from './transcription/read-clips.ts';

const {values: asked} = parseArgs({
  options: {
    data: {type: 'string', default: '../shared/audio/librispeech-other-dev'},
    utterances: {type: 'string', default: '8'},
    'pause-ms': {type: 'string', default: '1500'},
    'room-db': {type: 'string', default: '-65'},
    'no-browser': {type: 'boolean', default: false},
  },
});

function describe(values: readonly number[]): Record<string, number> {
  const there = values.filter((value) => !Number.isNaN(value));
  const at = (share: number): number => Math.round(quantile(there, share));
  return {median: at(0.5), p90: at(0.9), worst: at(1), count: there.length};
}

/** The latencies, how many finals there are, and how many of the words are wrong in them. */
function print(where: string, texts: readonly HeardText[]): void {
  const ofClips = textsOfClips(recording, texts, layout);
  const {words, finals} = measureLatencies(recording, ofClips);
  console.log(where);
  console.table({
    'word, first shown': describe(words.map(({firstMs}) => firstMs)),
    'word, for good': describe(words.map(({forGoodMs}) => forGoodMs)),
    final: describe(finals),
  });
  const heard = ofClips.map((own) => own.filter(({kind}) => kind === 'final').map(({text}) => text));
  const errors = recording.clips.map((clip, index) =>
    computeWordErrors(
      clip.words.map(({text}) => text).join(' '),
      (heard[index] ?? []).join(' ').toLowerCase(),
    ),
  );
  const errorRate = totalErrorRate(errors).pooled ?? NaN;
  console.log(`${heard.flat().length} finals, WER ${(100 * errorRate).toFixed(2)} %`);
}

const layout = {pauseMs: Number(asked['pause-ms']), roomDb: Number(asked['room-db'])};
const clips = await loadReadClips(asked.data, Number(asked.utterances));
const {transcriber} = await loadTranscriptionSystem('earshot-ctc', {'allow-unverified': false});
const recording = await prepareRecording(transcriber, clips, layout);
transcriber.model.dispose();
const wordCount = recording.clips.reduce((sum, {words}) => sum + words.length, 0);
console.log(`${asked.data}: ${recording.clips.length} of ${clips.length} utterances, ${wordCount} words`);
print('by design', recording.texts);
if (!asked['no-browser']) {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-live-'));
  try {
    const heard = await listenTo(recording, join(folder, 'microphone.wav'));
    print('Chromium', onRecordingClock(heard, recording));
    const {coreShare, realTimeFactor, buffersLateMs} = heard;
    const late = describe(buffersLateMs);
    console.log(`buffers of sound come late by ${late['median']} ms (median), ${late['p90']} ms (p90)`);
    console.log(
      `${coreShare.toFixed(2)} of a core for the page, real-time factor ${realTimeFactor.toFixed(2)} by the worker's clock`,
    );
  } finally {
    rmSync(folder, {recursive: true});
  }
}
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
const ends = recording.clips.map(({endMs, words}) => endMs - (words.at(-1)?.endMs ?? NaN));
console.log(`the last word ends ${Math.round(quantile(ends, 0.5))} ms before its energy (median)`);
