import type {ModelEntry, ModelPlaces} from '../protocol/model-messages.ts';
import {cards, type SystemCard} from './catalogue.ts';
import type {WantedFile} from './file-library.ts';
import {builtInLanguageModel, builtInLexicon} from './language-models.ts';
import {locateBuiltIn, locateWeights, type BuiltInFile} from './locate-files.ts';
import type {AcceptedDigest} from './model-file.ts';

/** What a page can have on a device: a system, or a file of Earshot's own that goes with systems. Pure data. */
export interface CatalogueModel {
  readonly id: string;
  readonly task: ModelEntry['task'];
  readonly isBuiltIn: boolean;
  /** Of a system. */
  readonly card?: SystemCard;
  readonly accepted: readonly AcceptedDigest[];
  /** Its file as published, and where it may be had. */
  readonly locate: (places: ModelPlaces) => WantedFile;
}

/** Every model, in the order in which a list should show them. */
export const catalogueModels: readonly CatalogueModel[] = [
  ...cards.map(ofSystem),
  ofBuiltIn(builtInLanguageModel, 'language-model'),
  ofBuiltIn(builtInLexicon, 'lexicon'),
];

/**
 * The model of this id. Any thread.
 * @throws RangeError where there is none; the message lists those there are.
 */
export function findModel(id: string): CatalogueModel {
  const model = catalogueModels.find((candidate) => candidate.id === id);
  if (model) return model;
  throw new RangeError(
    `got model "${id}", expected one of: ${catalogueModels.map((one) => one.id).join(', ')}`,
  );
}

function ofSystem(card: SystemCard): CatalogueModel {
  const {id, task, weights} = card;
  return {
    id,
    task,
    isBuiltIn: weights.builtInPath !== undefined,
    card,
    accepted: weights.accepted,
    locate: (places) => ({file: locateWeights(card, places), modelId: id}),
  };
}

function ofBuiltIn(file: BuiltInFile & {readonly id: string}, task: ModelEntry['task']): CatalogueModel {
  const {id, accepted} = file;
  const locate = (places: ModelPlaces): WantedFile => ({file: locateBuiltIn(file, places), modelId: id});
  return {id, task, isBuiltIn: true, accepted, locate};
}
