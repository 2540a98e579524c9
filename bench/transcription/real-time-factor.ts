import {openSpotterPage} from '../../test/support/spotter-page.ts';
import {encodeWav} from '../../test/support/wav.ts';
import {withRatio, type Row} from '../measurement.ts';
import {RATE_HZ} from '../speech-material.ts';
import {median} from '../statistics.ts';
import {recordingOf, type SpeechMaterial} from './material.ts';
import {rowOf} from './rows.ts';
import {
  loadTranscribers,
  serveRecording,
  timeTranscription,
  type TranscriberChoice,
} from './transcribing-page.ts';

/** A recording takes seconds, so there are fewer rounds of it. */
const MOST_ROUNDS = 5;
const RECORDING_SECONDS = 180;
const WARM_UP_SECONDS = 10;

const languageModel = 'built-in';
const variants: readonly {readonly name: string; readonly choice: TranscriberChoice}[] = [
  {name: 'file, beam 16', choice: {beamWidth: 16, languageModel: 'none'}},
  {name: 'file, beam 64', choice: {beamWidth: 64, languageModel: 'none'}},
  {name: 'file, beam 16, built-in language model', choice: {beamWidth: 16, languageModel}},
  {name: 'file, beam 64, built-in language model', choice: {beamWidth: 64, languageModel}},
];

/** Processing time ÷ time of a recording, for each way to search; all are loaded and take turns. */
export async function measureRealTimeFactors(
  speech: SpeechMaterial,
  rounds: number,
): Promise<readonly Row[]> {
  const recording = recordingOf(speech, RECORDING_SECONDS);
  const recordingMs = (1000 * recording.length) / RATE_HZ;
  const roundCount = Math.min(rounds, MOST_ROUNDS);
  const factors = variants.map((): number[] => []);
  const page = await openSpotterPage();
  try {
    const warmUp = recording.subarray(0, WARM_UP_SECONDS * RATE_HZ);
    await serveRecording(page, 'warm-up.wav', encodeWav(warmUp, RATE_HZ));
    await serveRecording(page, 'recording.wav', encodeWav(recording, RATE_HZ));
    await loadTranscribers(
      page,
      variants.map(({choice}) => choice),
    );
    for (const index of variants.keys()) await timeTranscription(page, index, 'warm-up.wav');
    for (let round = 0; round < roundCount; round++) {
      for (let turn = 0; turn < variants.length; turn++) {
        const index = (round + turn) % variants.length; // nobody always follows the same one
        factors[index]?.push((await timeTranscription(page, index, 'recording.wav')) / recordingMs);
      }
    }
  } finally {
    await page.close();
  }
  const note = `${(recordingMs / 1000).toFixed(0)} s of ${speech.what}, ${roundCount} rounds`;
  const first = {name: variants[0]?.name ?? '', value: median(factors[0] ?? [])};
  return variants.map(({name}, index) => {
    const row = rowOf(name, 'real-time factor', factors[index] ?? [], note);
    return index === 0 ? row : withRatio({...row, against: first});
  });
}
