/**
 * Prints how often the speech gate misses speech and opens for what is none. Utterances of librispeech-other-dev
 * (some of its recordings are themselves noisy), 0.3 to 2 s apart, in noise; the same noises alone; tones, chords and
 * melodies. The reference labels are those of an energy detector on the clean recording (bench/speech-material.ts), not
 * of people: breaths and the noise of a recording between its words are on either side of it by chance.
 *
 * How far it is independent: the weights are fitted to other speakers, and the recordings of tap, bike and cat are not
 * among what they are fitted to; white noise made anew is, and so are tones, chords and melodies of the same generator.
 * Which cues there are, their averaging times and the default thresholds were chosen after looking at some seven
 * variants on mixtures of these same utterances and noises, so the figures are somewhat kinder than new material is.
 * They move by several points with the seed. Needs ../shared and ffmpeg.
 * Usage: npx tsx bench/speech-gate.ts [utterancesPerMixture]
 */
import {Endpointer} from '../src/decode/endpointer.ts';
import {SpeechGate} from '../src/decode/speech-gate.ts';
import {SPEECH_GATE_LOG_MEL} from '../src/features/speech-gate-front-end.ts';
import {seededRandom} from '../test/support/prng.ts';
import {createTones} from '../test/support/tones.ts';
import {
  eachFrame,
  loadDevelopment,
  loadNoise,
  MEASURE_NOISES,
  mix,
  noiseOnly,
  RATE_HZ,
  withoutSpeech,
  type Labelled,
} from './speech-material.ts';

const SEED = 7;
/** Frames after the label's end that the gate stays open by design: 150 ms of hangover, and 50 ms of averaging. */
const TAIL_FRAMES = 20;

const random = seededRandom(SEED);

interface Tally {
  speechFrames: number;
  missed: number;
  wronglyBelow: number;
  otherFrames: number;
  opened: number;
  wronglyAbove: number;
  farFrames: number;
  farOpened: number;
  utterances: number;
}

function measure({samples, isSpeech}: Labelled): Tally {
  const gate = new SpeechGate();
  const endpointer = new Endpointer({...SPEECH_GATE_LOG_MEL});
  const tally: Tally = {
    speechFrames: 0,
    missed: 0,
    wronglyBelow: 0,
    otherFrames: 0,
    opened: 0,
    wronglyAbove: 0,
    farFrames: 0,
    farOpened: 0,
    utterances: 0,
  };
  let sinceSpeech = Infinity;
  eachFrame(samples, (row, frame) => {
    const isOpen = gate.push(row);
    const {speechProbability} = gate;
    if (endpointer.push(isOpen, speechProbability)?.kind === 'endpoint') tally.utterances++;
    sinceSpeech = isSpeech[frame] === 1 ? 0 : sinceSpeech + 1;
    if (sinceSpeech === 0) {
      tally.speechFrames++;
      if (!isOpen) tally.missed++;
      if (speechProbability < 0.5) tally.wronglyBelow++;
      return;
    }
    tally.otherFrames++;
    if (isOpen) tally.opened++;
    if (speechProbability >= 0.5) tally.wronglyAbove++;
    if (sinceSpeech <= TAIL_FRAMES) return;
    tally.farFrames++;
    if (isOpen) tally.farOpened++;
  });
  if (endpointer.flush()) tally.utterances++;
  return tally;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);

function describe(sounds: readonly Labelled[]): Record<string, string | number> {
  const tallies = sounds.map(measure);
  const sum = (key: keyof Tally): number => tallies.reduce((total, tally) => total + tally[key], 0);
  return {
    minutes: ((sum('speechFrames') + sum('otherFrames')) / 6000).toFixed(1),
    'frame error, %': percent(
      sum('wronglyBelow') + sum('wronglyAbove'),
      sum('speechFrames') + sum('otherFrames'),
    ),
    'speech missed, %': percent(sum('missed'), sum('speechFrames')),
    'other opened, %': percent(sum('opened'), sum('otherFrames')),
    '… 200 ms from speech, %': percent(sum('farOpened'), sum('farFrames')),
    utterances: sum('utterances'),
  };
}

const utterances = loadDevelopment();
const perMixture = Number(process.argv[2] ?? 12);
const noises = MEASURE_NOISES.map((name) => ({name, samples: loadNoise(name)}));
const pick = (): readonly Float32Array[] => Array.from({length: perMixture}, () => random.pick(utterances));

const rows: Record<string, Record<string, string | number>> = {
  'no noise added': describe([mix('clean', utterances, random)]),
};
for (const snrDb of [30, 20, 10, 5]) {
  for (const {name, samples} of noises) {
    rows[`${name}, ${snrDb} dB`] = describe([mix(name, pick(), random, {samples, snrDb})]);
  }
}
for (const {name, samples} of noises) rows[`${name} alone`] = describe([noiseOnly(name, samples)]);
for (const kind of ['tones', 'chords', 'melody'] as const) {
  rows[kind] = describe([withoutSpeech(kind, createTones(kind, 120, RATE_HZ, random))]);
}
console.log(`speech gate at its defaults, ${perMixture} utterances a mixture, seed ${SEED}`);
console.table(rows);
