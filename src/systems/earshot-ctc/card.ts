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
        sha256: 'afe683af7c69cedb53c135c9968f07aa54e5d12ff002a1821c66b77c54916a59',
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
  // ours, not a publisher's: train/ctc/train.py prints it of step 4,600
  publishedFigure:
    'letters, greedy: WER 76.2 %, LER 29.0 % of 78 utterances of speakers that it was not trained on',
  limitations: 'nearly everything: a first version of a short training, which spells by ear what it hears',
  costs: {
    weightsBytes: 4_617_860,
    peakMemoryBytes: 220_606_464,
  },
  defaults: {
    engine: 'tfjs',
    numerics: 'float32',
    languageModel: 'built-in',
    search: {beamWidth: 64, languageModelWeight: 0.6, wordBonus: 0},
  },
};
