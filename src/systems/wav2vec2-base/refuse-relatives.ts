import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {StoredWeights} from '../checkpoint-weights.ts';

/** One thing by which another kind of network is known, and what this one has there. */
interface Relative {
  readonly pattern: RegExp;
  readonly what: string;
  readonly expected: string;
}

const EXTRACTOR = String.raw`^wav2vec2\.feature_extractor\.conv_layers\.`;

const RELATIVES: readonly Relative[] = [
  {
    pattern: new RegExp(String.raw`${EXTRACTOR}[1-9]\d*\.layer_norm\.`),
    what: 'a normalisation after each convolution, as the large networks of 60,000 hours have',
    expected: 'one after the first convolution only',
  },
  {
    pattern: new RegExp(String.raw`${EXTRACTOR}\d+\.conv\.bias$`),
    what: 'convolutions with a bias',
    expected: 'convolutions without one',
  },
  {
    pattern: /^wav2vec2\.adapter\.|\.adapter_layer\./,
    what: 'an adapter',
    expected: 'a network without adapters',
  },
  {
    pattern: /^(hubert|wavlm|data2vec_audio|unispeech(_sat)?|sew(_d)?|wav2vec2_(conformer|bert))\./,
    what: 'a network of another family',
    expected: 'tensors of Wav2Vec2ForCTC',
  },
  {
    pattern: /^(w2v_encoder|feature_extractor|mask_emb|encoder)\b/,
    what: 'a network as fairseq, torchaudio or a bare Wav2Vec2Model name it',
    expected: 'tensors of Wav2Vec2ForCTC, named wav2vec2.… and lm_head.…',
  },
  {
    pattern: /^(quantizer|project_(q|hid)|projector|classifier)\./,
    what: 'a network trained for something else than text',
    expected: 'one fine-tuned for CTC, with an lm_head',
  },
];

/**
 * Refuses networks that are taken for wav2vec2-base, by what makes them different.
 * @throws ModelFormatError naming the tensor that shows it.
 */
export function refuseRelatives(weights: StoredWeights): void {
  for (const {pattern, what, expected} of RELATIVES) {
    const name = [...weights.keys()].find((candidate) => pattern.test(candidate));
    if (name !== undefined) throw new ModelFormatError(`${what} ("${name}")`, expected);
  }
}
