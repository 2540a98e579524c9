import type {TranscriptionCard} from './card.ts';

/**
 * The language model that a transcriber loads: what is asked for, else what its card says; none for the greedy search,
 * which has no use for one.
 * @param asked `none` for none; absent for the card's.
 */
export function chooseLanguageModel<Asked>(
  {defaults}: Pick<TranscriptionCard, 'defaults'>,
  asked: Asked | 'none' | undefined,
  decoding: 'beam' | 'greedy' | undefined,
): Exclude<Asked, 'none'> | 'built-in' | undefined {
  if (asked === 'none') return undefined;
  return (
    (asked as Exclude<Asked, 'none'> | undefined) ??
    (decoding === 'greedy' ? undefined : defaults.languageModel)
  );
}
