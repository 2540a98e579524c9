import type {TranscriptionCard} from '../card.ts';

/** wav2vec2-base-960h as published by facebook for transformers: letters, fine-tuned on 960 hours of LibriSpeech. */
export const card: TranscriptionCard = {
  id: 'wav2vec2-base',
  title: 'wav2vec 2.0 base 960h (Facebook)',
  task: 'transcription',
  labels: ['<pad>', '<s>', '</s>', '<unk>', '|', ...Array.from("ETAONIHSRDLUMWCFGYPBVK'XJQZ")],
  blankId: 0,
  spaceId: 4,
  weights: {
    name: 'pytorch_model.bin',
    format: 'torch',
    accepted: [
      {
        sha384:
          '647658a0fc4376ddccb8430207fd50f22a59f607f821ddb6e7dfec7bf2f41d3bbe4d6e62c2779530f1a2e20ec75acf9b',
        bytes: 377_667_514,
        what: 'the published file',
      },
    ],
    homePage: 'https://huggingface.co/facebook/wav2vec2-base-960h',
    homeUrl: 'https://huggingface.co/facebook/wav2vec2-base-960h/resolve/main/pytorch_model.bin',
  },
  licence: 'Apache-2.0',
  attribution: 'Facebook AI (Baevski, Zhou, Mohamed, Auli)',
  source: 'facebook/wav2vec2-base-960h, pytorch_model.bin; Open Model Zoo, models/public/wav2vec2-base',
  publishedFigure:
    'WER 3.39 % on LibriSpeech test-clean: all word edits ÷ all words, greedy decoding, each utterance run whole',
  limitations:
    'Does not stream: every output depends on the whole utterance. Text before its end comes from windows and is a preview; utterances longer than 36 s are not run whole.',
  costs: {
    weightsBytes: 377_667_514,
    importedBytes: 95_282_054,
    peakMemoryBytes: 513_777_664,
  },
  defaults: {engine: 'onnx', numerics: 'int8-dynamic'},
  maxUtteranceMs: 36_000,
};
