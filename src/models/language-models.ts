import type {AcceptedDigest} from '../systems/card.ts';

/** A language model that is part of this project, in the binary form that `earshot build-lm` writes. */
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
      sha256: '9a46ac20244100383f4bede435bbfcecc5d8080347cd9863dde4490506f54172',
      bytes: 2_440_240,
      what: 'the file built into Earshot',
    },
  ],
};
