import type {KeywordSystem} from './keyword-system.ts';

/** How each system's room is loaded: dynamic imports, so that a page loads only the system it runs. */
const loaders: Readonly<Record<string, () => Promise<KeywordSystem>>> = {
  'earshot-kws': async () => (await import('./earshot-kws/system.ts')).system,
  'micronet-large': async () => (await import('./micronet-large/system.ts')).system,
  'ds-cnn-clustered': async () => (await import('./ds-cnn-clustered/system.ts')).system,
  'ds-cnn-large': async () => (await import('./ds-cnn-large/system.ts')).system,
};

/** Ids of the keyword-spotting systems that `findKeywordSystem` can load. */
export const keywordSystemIds: readonly string[] = Object.keys(loaders);

/**
 * Loads the keyword-spotting system with this id: front end, graph source, labels. Any thread.
 * @throws RangeError where no keyword-spotting system has this id; the message lists those there are.
 */
export async function findKeywordSystem(id: string): Promise<KeywordSystem> {
  const load = Object.hasOwn(loaders, id) ? loaders[id] : undefined;
  if (load) return await load();
  throw new RangeError(`got keyword system "${id}", expected one of: ${keywordSystemIds.join(', ')}`);
}
