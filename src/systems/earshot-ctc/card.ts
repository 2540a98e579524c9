import type {TranscriptionCard} from '../card.ts';

/** What is known of the built-in transcriber. */
export const card: TranscriptionCard = {
  id: 'earshot-ctc',
  title: 'Earshot speech',
  task: 'transcription',
  labels: [...Array.from("abcdefghijklmnopqrstuvwxyz' "), '<blank>'],
  blankId: 28,
  spaceId: 27,
  phones: {
    labels: [
      ...'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
        ' ',
      ),
      ' ',
      '<blank>',
    ],
    blankId: 40,
    spaceId: 39,
  },
  weights: {
    name: 'earshot-ctc.safetensors',
    format: 'safetensors',
    accepted: [
      {
        sha256: 'dd45c6924965d13dd703e9586c23d2693ed04f7715b9d04478682d1e9d22af5c',
        bytes: 4_617_860,
        what: 'the file built into Earshot',
      },
    ],
    builtInPath: 'earshot-ctc/earshot-ctc.safetensors',
  },
  licence: 'Apache-2.0',
  attribution:
    'Trained on LibriSpeech by Vassil Panayotov and others, 2015 (CC BY 4.0), LJSpeech by Keith Ito, 2017 (public ' +
    'domain) and Speech Commands by Pete Warden, Google, 2018 (CC BY 4.0).',
  source: 'train/ctc in the Earshot repository',
  // ours, not a publisher's: `earshot evaluate earshot-ctc --data …` prints it (train/README.md)
  publishedFigure:
    'WER 16.2 %, LER 7.7 % of 78 utterances by held-out readers of clear speech, 22.7 %, 12.0 % in rooms, 31.7 %, ' +
    '17.9 % with noise at 10 dB, 56.7 %, 35.1 % of librispeech-other-dev (50 utterances, hard accents), with lexicon ' +
    'and language model, pooled',
  limitations: 'accents, noise, quick speech; words of today and names, which its old books lack',
  costs: {
    weightsBytes: 4_617_860,
    peakMemoryBytes: 315_293_696,
  },
  defaults: {
    engine: 'tfjs',
    numerics: 'float32',
    languageModel: 'built-in',
    search: {beamWidth: 1024, beamThreshold: 14, languageModelWeight: 1, wordBonus: -0.5},
  },
};
