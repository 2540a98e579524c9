import type {PosteriorCard} from '../card.ts';

/** Arm DS-CNN Large INT8 (not clustered) as published in Arm's ML-zoo. */
export const card: PosteriorCard = {
  id: 'ds-cnn-large',
  title: 'DS-CNN Large INT8 (Arm)',
  task: 'keyword-spotting',
  // the order of Arm's training code, not that of MicroNet
  labels: ['_silence_', '_unknown_', 'yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go'],
  rejectLabels: ['_silence_', '_unknown_'],
  weights: {
    name: 'ds_cnn_large_int8.tflite',
    format: 'tflite',
    accepted: [
      {
        sha256: 'fc40799238db5112dbf53c7fa23f5d7c197de83b0ff9de7f40ce0d8073306756',
        sha1: '504f8e7bfa5c0f15c5475e5d08637b3b8aad0972',
        bytes: 503_816,
        what: 'the published file',
      },
    ],
    homePage: 'https://github.com/ARM-software/ML-zoo/tree/master/models/keyword_spotting/ds_cnn_large',
    homeUrl:
      'https://media.githubusercontent.com/media/ARM-software/ML-zoo/22b74b6cbe7417abdeecc0f7f303af3375f2bfca/models/keyword_spotting/ds_cnn_large/tflite_int8/ds_cnn_l_quantized.tflite',
  },
  licence: 'Apache-2.0',
  attribution: 'Arm Limited, ML-zoo',
  source: 'ARM-software/ML-zoo, models/keyword_spotting/ds_cnn_large',

  defaults: {engine: 'integer', numerics: 'int8-exact', threshold: 0.8},
};
