import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {loadTranscriptionSystem} from '../../src/cli/load-system.ts';
import type {LoadedTranscriber} from '../../src/pipeline/load-transcriber.ts';
import {concatenate, silence} from '../../test/support/wav.ts';
import type {Measurement, Row} from '../measurement.ts';
import {RATE_HZ} from '../speech-material.ts';
import {measureColdStart, type SpokenClip} from '../transcription/cold-start.ts';
import {hear} from '../transcription/hear.ts';
import {measureLive} from '../transcription/live.ts';
import {loadSpeech, type SpeechMaterial} from '../transcription/material.ts';
import {measureRealTimeFactors} from '../transcription/real-time-factor.ts';

/** An utterance takes its own time, so there are fewer of them than rounds. */
const MOST_UTTERANCES = 10;

/** What writing down speech costs, and how long a speaker waits for text. */
export const transcription: Measurement = {
  id: 'transcription',
  title:
    'Transcription: the built package with the built-in transcriber. A recording through transcribe(), by turns, against the narrow beam without a language model. Text of a microphone in the element, from the end of each word and of speech before each pause (bench/live-latency.ts says how), against the sound that must be heard first by design, were computing free. Cold start from load() on, the package imported, in a browser just started with an empty profile; bytes of a page that only transcribes',
  run: async ({rounds}) => {
    const speech = loadSpeech();
    const factors = await measureRealTimeFactors(speech, rounds);
    return [
      ...factors,
      ...(await measureWaiting(speech, rounds).catch(absentRows('live text and cold start'))),
    ];
  },
};

/** What cannot be measured must not take the other measurements with it. */
function absentRows(name: string): (error: unknown) => readonly Row[] {
  return (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    return [{name, unit: 'ms', note: `does not run: ${reason}`}];
  };
}

async function measureWaiting(speech: SpeechMaterial, rounds: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-transcription-'));
  const wavPath = join(folder, 'microphone.wav');
  const {transcriber} = await loadTranscriptionSystem('earshot-ctc', {'allow-unverified': false});
  try {
    const clip = await findSpokenClip(transcriber, speech);
    const clipCount = Math.min(rounds, MOST_UTTERANCES);
    const live = await measureLive(transcriber, clipCount, wavPath).catch(absentRows('live text'));
    return [...live, ...(await measureColdStart(clip, {rounds, wavPath}))];
  } finally {
    transcriber.model.dispose();
    rmSync(folder, {recursive: true});
  }
}

/** The first utterance that has a partial. */
async function findSpokenClip(
  transcriber: LoadedTranscriber,
  {what, utterances}: SpeechMaterial,
): Promise<SpokenClip> {
  for (const samples of utterances) {
    const texts = await hear(transcriber, concatenate([silence(1000, RATE_HZ), samples]));
    const partial = texts.find(({kind}) => kind === 'partial');
    if (partial) return {samples, partialWaitMs: partial.ms - partial.startMs};
  }
  throw new Error(`got no utterance of ${what} that is long enough for a partial`);
}
