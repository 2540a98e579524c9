import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {loadTranscriptionSystem} from '../../src/cli/load-system.ts';
import type {Measurement, Row} from '../measurement.ts';
import {measureColdStart} from '../transcription/cold-start.ts';
import {hearByDesign} from '../transcription/hear-by-design.ts';
import {measureLive} from '../transcription/live.ts';
import {loadSpeech, type SpeechMaterial} from '../transcription/material.ts';
import {measureRealTimeFactors} from '../transcription/real-time-factor.ts';

/** An utterance takes its own time, so there are fewer of them than rounds. */
const MOST_UTTERANCES = 10;

/** What writing down speech costs, and how long a speaker waits for text. */
export const transcription: Measurement = {
  id: 'transcription',
  title:
    'Transcription: the built package with the built-in transcriber. A recording through transcribe(), by turns, against the narrow beam without a language model. Text of a microphone (without the processing of the browser), from the first and the last speech as it reaches the worker, against the sound that must be heard first by design, were computing free: what the network waits for in a partial, trailingSilenceMs after the gate has closed for a final. Cold start from load() on, the package imported, in a browser just started with an empty profile; bytes of a page that only transcribes',
  run: async ({rounds}) => {
    const speech = loadSpeech();
    const factors = await measureRealTimeFactors(speech, rounds);
    return [...factors, ...(await measureWaiting(speech, rounds).catch(absentRows))];
  },
};

/** What cannot be measured must not take the other measurements with it. */
function absentRows(error: unknown): readonly Row[] {
  const reason = error instanceof Error ? error.message : String(error);
  return [{name: 'live text and cold start', unit: 'ms', note: `does not run: ${reason}`}];
}

async function measureWaiting(speech: SpeechMaterial, rounds: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-transcription-'));
  const wavPath = join(folder, 'microphone.wav');
  const {transcriber} = await loadTranscriptionSystem('earshot-ctc', {'allow-unverified': false});
  try {
    const heard = await hearByDesign(transcriber, speech.utterances, Math.min(rounds, MOST_UTTERANCES));
    const [first] = heard;
    if (!first) throw new Error(`got no utterance of ${speech.what} that is long enough for a partial`);
    const live = await measureLive(heard, wavPath);
    return [...live, ...(await measureColdStart(first, {rounds, wavPath}))];
  } finally {
    transcriber.model.dispose();
    rmSync(folder, {recursive: true});
  }
}
