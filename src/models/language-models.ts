import type {AcceptedDigest} from '../systems/card.ts';

/** A language model, in the binary form that `earshot build-lm` writes, or a lexicon that is part of this project. */
export interface LanguageModelFile {
  readonly id: string;
  /** Path below `<assetBase>/models/`. */
  readonly builtInPath: string;
  readonly accepted: readonly AcceptedDigest[];
}

/** Word trigrams of English book text: public/models/earshot-lm/README.md. */
export const builtInLanguageModel: LanguageModelFile = {
  id: 'earshot-lm',
  builtInPath: 'earshot-lm/earshot-lm.bin',
  accepted: [
    {
      sha256: '16cabec21d9b7c0c923b88a22d2f0c9da103dd6c58ded79dfc4cc5f9c771ef8d',
      bytes: 7_955_456,
      what: 'the file built into Earshot',
    },
  ],
};

/** How English words are said, in the form that `train/lexicon` writes: public/models/earshot-lexicon/README.md. */
export const builtInLexicon: LanguageModelFile = {
  id: 'earshot-lexicon',
  builtInPath: 'earshot-lexicon/earshot-lexicon.txt',
  accepted: [
    {
      sha256: '453597557a66f43e7df3ad18807aa6e82335159193165aa7467599de5404d3ab',
      bytes: 2_310_988,
      what: 'the file built into Earshot',
    },
  ],
};
