import type {KeywordCard} from '../card.ts';
import {operatingCurve, temperature} from './operating-curve.ts';

/** What is known of the built-in keyword spotter. */
export const card: KeywordCard = {
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
        sha256: 'f34cd39c40cc7cfc8da11d23eaacb060c702361afee44bf72dfda8de0e0ea01c',
        bytes: 191616,
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
  publishedFigure: '94.5 % of speech-commands-dev, 94.1 % without _silence_ (1,371 clips)',
  limitations:
    '“off”, “no” and “on”, missed most; near misses within speech (“now” for “down”, “laughing” for “left”); ' +
    'children, accents and whispering, which nobody measured',
  defaults: {engine: 'tfjs', numerics: 'float32', threshold: 0.88, smoothingMs: 500},
  operatingCurve,
  temperature,
};
