import type {SystemCard} from '../card.ts';
import {operatingCurve} from './operating-curve.ts';

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
        sha256: '8ed102011861ab4c389b8c1e9328393c14265bab375e1c7a1d44de5185fb9fa5',
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
  // ours, not a publisher's: `earshot evaluate earshot-kws --data ../shared/audio/speech-commands-dev` prints it
  publishedFigure: '91.8 % of speech-commands-dev, 91.1 % without _silence_ (1,371 clips)',
  defaults: {engine: 'tfjs', numerics: 'float32', threshold: 0.8},
  operatingCurve,
  temperature: 1,
};
