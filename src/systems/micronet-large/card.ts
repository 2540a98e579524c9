import type {KeywordCard} from '../card.ts';

/** Arm MicroNet Large INT8 as published in Arm's ML-zoo. */
export const card: KeywordCard = {
  id: 'micronet-large',
  title: 'MicroNet Large INT8 (Arm)',
  task: 'keyword-spotting',
  // alphabetical, as Arm's evaluation kit has it; the ML-zoo's label script is wrong for this network
  labels: ['down', 'go', 'left', 'no', 'off', 'on', 'right', 'stop', 'up', 'yes', '_silence_', '_unknown_'],
  rejectLabels: ['_silence_', '_unknown_'],
  weights: {
    name: 'kws_micronet_l.tflite',
    format: 'tflite',
    accepted: [
      {
        sha256: '15723bcc7d73599546cfebd289632799393e329df84bba883205b08b666a1aa3',
        sha1: '5ac522fadfc7d07e96e72e38c55650514ecef750',
        bytes: 658_832,
        what: 'the published file',
      },
    ],
    homePage:
      'https://github.com/ARM-software/ML-zoo/tree/master/models/keyword_spotting/micronet_large/tflite_int8',
    homeUrl:
      'https://media.githubusercontent.com/media/ARM-software/ML-zoo/aec70becff8d916ddec66efe3d02beba21fe8aad/models/keyword_spotting/micronet_large/tflite_int8/kws_micronet_l.tflite',
  },
  licence: 'Apache-2.0',
  attribution: 'Arm Limited, ML-zoo',
  source: 'ARM-software/ML-zoo, models/keyword_spotting/micronet_large/tflite_int8',
  publishedFigure: '96.5 % on the test set of Google Speech Commands',
  // `earshot evaluate micronet-large --models ../shared/models --data ../shared/audio/speech-commands-dev` prints it
  measuredFigure: '96.2 % of speech-commands-dev without _silence_ (1,371 clips), int8-exact',
  defaults: {engine: 'integer', numerics: 'int8-exact', threshold: 0.7},
};
