import type {TranscriptionCard} from '../card.ts';

/** Arm Wav2Letter Pruned INT8 as first published in Arm's ML-zoo: the release that the figure belongs to. */
export const card: TranscriptionCard = {
  id: 'wav2letter',
  title: 'Wav2Letter Pruned INT8 (Arm)',
  task: 'transcription',
  labels: [...Array.from("abcdefghijklmnopqrstuvwxyz' "), '<blank>'],
  blankId: 28,
  spaceId: 27,
  weights: {
    name: 'wav2letter_pruned_int8.tflite',
    format: 'tflite',
    // the file at the repository's head is another network of the same name (23,766,192 bytes, SHA-1 1771d122…): its
    // SHA-256 is known to us in part only, and its output, which has no softmax, from one vector
    accepted: [
      {
        sha256: 'e0814a0e586f2f2881f7fe96e6bc0b8e4cfecc8d64ced56d8f7ca85b9b7ab257',
        sha1: 'e389797705f5f8a7973c3280954dd5cdf54284a1',
        bytes: 23_815_520,
        what: 'the published file',
        vector: {
          input: {
            path: 'testing_input/input_2_int8/0.npy',
            sha256: '5ad05ce880a0c20c852415ef7d9d3fb2da8932fe3049c40464841430ad9c2aed',
          },
          output: {
            path: 'testing_output/Identity_int8/0.npy',
            sha256: '6ac807d882e35eeb3b9f8f2977c63028fc4b2db1678a4097df4da0068c6b7c1f',
          },
        },
      },
    ],
    homePage:
      'https://github.com/ARM-software/ML-zoo/tree/1a92aa08c0de49a7304e0a7f3f59df6f4fd33ac8/models/speech_recognition/wav2letter/tflite_pruned_int8',
    homeUrl:
      'https://media.githubusercontent.com/media/ARM-software/ML-zoo/1a92aa08c0de49a7304e0a7f3f59df6f4fd33ac8/models/speech_recognition/wav2letter/tflite_pruned_int8/wav2letter_pruned_int8.tflite',
  },
  licence: 'Apache-2.0',
  attribution: 'Arm Limited, ML-zoo',
  source: 'ARM-software/ML-zoo, models/speech_recognition/wav2letter/tflite_pruned_int8',
  publishedFigure:
    'LER 0.0798 on LibriSpeech test-clean: mean over utterances of edit distance ÷ length in characters, greedy decoding',
  costs: {
    weightsBytes: 23_815_520,
    peakMemoryBytes: 285_933_568,
  },
  defaults: {engine: 'integer', numerics: 'int8-exact'},
};
