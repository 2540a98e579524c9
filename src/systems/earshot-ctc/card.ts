import type {TranscriptionCard} from '../card.ts';

/** What is known of the built-in transcriber. */
export const card: TranscriptionCard = {
  id: 'earshot-ctc',
  title: 'Earshot letters',
  task: 'transcription',
  labels: [...Array.from("abcdefghijklmnopqrstuvwxyz' "), '<blank>'],
  blankId: 28,
  spaceId: 27,
  weights: {
    name: 'earshot-ctc.safetensors',
    format: 'safetensors',
    accepted: [
      {
        sha256: 'bcc421087d9240aac5b2cea5ce746e4cd725da3c8ec193b139dc0c1bf41142d8',
        bytes: 2418798,
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
  // ours, not a publisher's: `earshot evaluate earshot-ctc --data ../shared/audio/librispeech-other-dev` prints it
  publishedFigure: 'WER 96.6 %, LER 54.6 % of librispeech-other-dev (50 utterances), pooled, greedy decoding',
  limitations: 'nearly everything: a first version of a short training, which spells by ear what it hears',
  costs: {
    weightsBytes: 2_418_798,
    peakMemoryBytes: 220_606_464,
  },
  defaults: {engine: 'tfjs', numerics: 'float32'},
};
