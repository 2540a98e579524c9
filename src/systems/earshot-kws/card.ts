import type {SystemCard} from '../card.ts';

/** What is known of the built-in keyword spotter. */
export const card: SystemCard = {
  id: 'earshot-kws',
  title: 'Earshot keywords',
  task: 'keyword-spotting',
  labels: ['_silence_', '_unknown_', 'yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go'],
  rejectLabels: ['_silence_', '_unknown_'],
  weights: {
    name: 'earshot-kws.safetensors',
    format: 'safetensors',
    accepted: [
      {
        sha256: 'cf256676a6979780c763db23521c971d079b97f6d2f68fc6b5569074ce6b66fc',
        bytes: 122112,
        what: 'the file built into Earshot',
      },
    ],
    builtInPath: 'earshot-kws/earshot-kws.safetensors',
  },
  licence: 'Apache-2.0',
  attribution:
    'Trained on Speech Commands by Pete Warden, Google, 2018 (CC BY 4.0), LibriSpeech by Vassil Panayotov and others, ' +
    '2015 (CC BY 4.0), LJSpeech by Keith Ito, 2017 (public domain) and speech synthesised with espeak-ng.',
  source: 'train/kws in the Earshot repository',
  defaults: {engine: 'tfjs', numerics: 'float32', threshold: 0.75},
};
