import {keywordSystems, transcriptionSystems, type ModelEntry, type SystemCard} from '../../index.ts';
import {formatMegabytes} from '../format.ts';

const cards = new Map<string, SystemCard>(
  [...keywordSystems, ...transcriptionSystems].map((card) => [card.id, card]),
);

/** What stands in for a card where a model is no system. */
const COMPANIONS: Readonly<Record<string, string>> = {
  'earshot-lm': 'Earshot book English, a language model',
  'earshot-lexicon': 'Earshot lexicon, how words are said',
};

const TASKS = {
  'keyword-spotting': 'spots keywords',
  transcription: 'writes down speech',
  'language-model': 'goes with transcribers',
  lexicon: 'goes with the language model',
} as const;

/** The card of a model; undefined where it is no system. */
export function cardOf(id: string): SystemCard | undefined {
  return cards.get(id);
}

/**
 * The parts of the demo's build that a model runs with, so that it works without a connection though it was never run
 * here: its engine, and for a transcriber the language model.
 */
export function partsOf(id: string): readonly string[] {
  const card = cards.get(id);
  if (!card) return [];
  return [id, card.defaults.engine, ...(card.task === 'transcription' ? ['earshot-ctc'] : [])];
}

/** What people call a model. */
export function titleOfModel(id: string): string {
  return cards.get(id)?.title ?? COMPANIONS[id] ?? id;
}

/** What a model is for, in a few words. */
export function taskOf({task, isBuiltIn}: ModelEntry): string {
  return `${TASKS[task]}${isBuiltIn ? ', comes with Earshot' : ''}`;
}

/** What a model costs and gives, and what of it is here, in terms and words. */
export function modelTerms(model: ModelEntry): Readonly<Record<string, string>> {
  const card = cards.get(model.id);
  const peakBytes = card?.task === 'transcription' ? card.costs?.peakMemoryBytes : undefined;
  return {
    Size: sizeText(model),
    'On this device': hereText(model),
    ...(peakBytes !== undefined && {Memory: `up to ${formatMegabytes(peakBytes)}, the page’s own included`}),
    ...(card?.publishedFigure !== undefined && {
      'Published figure': `${card.publishedFigure} (${card.source})`,
    }),
    ...(card?.measuredFigure !== undefined && {'Measured by Earshot': card.measuredFigure}),
    ...(card && {Licence: `${card.licence}; ${card.attribution}`}),
  };
}

function sizeText({files}: ModelEntry): string {
  return files
    .map(({name, bytes, isPinned}) => {
      const size = bytes === undefined ? 'size unknown' : formatMegabytes(bytes);
      return `${name}, ${size}${isPinned ? '' : ', unverified: no digest is published'}`;
    })
    .join('; ');
}

function hereText({isInstalled, storedBytes, importedBytes}: ModelEntry): string {
  const size = formatMegabytes(storedBytes);
  if (isInstalled) return `all of it, ${size}${importedBytes > 0 ? ', imported on this device' : ''}`;
  if (importedBytes > 0)
    return `imported from a file of yours, ${size}: choose that file again, and it is not imported anew`;
  return storedBytes > 0 ? `a part, ${size}` : 'no';
}
