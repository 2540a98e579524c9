import type {PosteriorCard} from '../card.ts';

/** Arm DS-CNN Large clustered INT8 as published in Arm's ML-zoo (August 2021). */
export const card: PosteriorCard = {
  id: 'ds-cnn-clustered',
  title: 'DS-CNN Large clustered INT8 (Arm)',
  task: 'keyword-spotting',
  // the order of Arm's training code, not that of MicroNet
  labels: ['_silence_', '_unknown_', 'yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go'],
  rejectLabels: ['_silence_', '_unknown_'],
  weights: {
    name: 'ds_cnn_clustered_int8.tflite',
    format: 'tflite',
    accepted: [
      {
        sha256: 'ac48e85a326e2119b6ec6988c006f722e69f63e3ba2ec3a8c678d93c0bda4db7',
        sha1: '2ee38794ed171c75d3313460a1633c5d6a79f530',
        bytes: 503_816,
        what: 'the published file',
      },
      {
        sha256: '549c9c0f9c04aeecfbbba4a476b15f3fc5e5123eebd9d01f004d718a6a4acd8d',
        sha1: 'f3b6070e213d6bbec251addfa15d1644ee07bbdd',
        bytes: 503_816,
        what: 'the published weights, biases and multipliers in a rebuilt container',
      },
    ],
    homePage:
      'https://github.com/ARM-software/ML-zoo/tree/master/models/keyword_spotting/ds_cnn_large/model_package_tf/model_archive/TFLite/tflite_clustered_int8',
    homeUrl:
      'https://media.githubusercontent.com/media/ARM-software/ML-zoo/26a31da6c182b23ddcdb72bed7f55ed5194fc81c/models/keyword_spotting/ds_cnn_large/tflite_clustered_int8/ds_cnn_clustered_int8.tflite',
  },
  licence: 'Apache-2.0',
  attribution: 'Arm Limited, ML-zoo',
  source:
    'ARM-software/ML-zoo, models/keyword_spotting/ds_cnn_large/model_package_tf/model_archive/TFLite/tflite_clustered_int8',
  publishedFigure: '94.01 % on the test split of Google Speech Commands v0.02',
  // `earshot evaluate ds-cnn-clustered --models ../shared/models --data ../shared/audio/speech-commands-dev` prints it
  measuredFigure: '92.8 % of speech-commands-dev without _silence_ (1,371 clips), int8-exact',
  defaults: {engine: 'integer', numerics: 'int8-exact', threshold: 0.8},
};
