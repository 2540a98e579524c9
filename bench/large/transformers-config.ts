import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {TranscriptionCard} from '../../src/systems/card.ts';

/** Writes what transformers.js' speech recognition wants beside a wav2vec2 network. */
export async function writeTransformersConfig(
  folder: string,
  {labels, blankId, spaceId}: TranscriptionCard,
): Promise<void> {
  const [padToken, wordDelimiterToken] = [labels[blankId], labels[spaceId]];
  const files = {
    'config.json': {
      model_type: 'wav2vec2',
      architectures: ['Wav2Vec2ForCTC'],
      vocab_size: labels.length,
      pad_token_id: blankId,
    },
    'preprocessor_config.json': {
      feature_extractor_type: 'Wav2Vec2FeatureExtractor',
      feature_size: 1,
      sampling_rate: 16_000,
      padding_value: 0,
      do_normalize: true,
      return_attention_mask: false,
    },
    'tokenizer_config.json': {
      tokenizer_class: 'Wav2Vec2CTCTokenizer',
      pad_token: padToken,
      word_delimiter_token: wordDelimiterToken,
      do_lower_case: false,
    },
    'tokenizer.json': {
      version: '1.0',
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: {
        type: 'CTC',
        pad_token: padToken,
        word_delimiter_token: wordDelimiterToken,
        cleanup: true,
      },
      model: {
        type: 'WordLevel',
        vocab: Object.fromEntries(labels.map((label, id) => [label, id])),
        unk_token: '<unk>',
      },
    },
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), JSON.stringify(content, undefined, 2));
  }
}
