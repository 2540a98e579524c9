import type {TranscriptionCard} from '../card.ts';

/** MLPerf's DeepSpeech2 of December 2018: three uni-directional GRUs of 2560 units. */
export const card: TranscriptionCard = {
  id: 'deepspeech2',
  title: 'DeepSpeech2 (MLPerf)',
  task: 'transcription',
  labels: Array.from("_'ABCDEFGHIJKLMNOPQRSTUVWXYZ "),
  blankId: 0,
  spaceId: 28,
  weights: {
    name: 'trained_model_deepspeech2.zip',
    format: 'torch',
    accepted: [], // no digest of the published file is known
    homePage: 'https://zenodo.org/record/1713294',
    homeUrl: 'https://zenodo.org/record/1713294/files/trained_model_deepspeech2.zip',
  },
  licence: 'Apache-2.0',
  attribution: 'MLCommons (MLPerf) and the University of Toronto; after deepspeech.pytorch by Sean Naren',
  source: 'zenodo 1713294, trained_model_deepspeech2.zip; MLPerf inference, speech_recognition/deepspeech2',
  publishedFigure:
    'WER 21.1 % on LibriSpeech test-clean after 20 epochs, 33.7 % on dev-clean and dev-other: all word edits ÷ all words, greedy decoding',
  fullScales: ['int32', 'int16', 'unit'],
  costs: {
    weightsBytes: 415_389_818, // the tensors alone: how large the published archive is, is not known
    importedBytes: 104_164_533,
    peakMemoryBytes: 537_653_248,
  },
  defaults: {engine: 'onnx', numerics: 'int8-dynamic'},
};
