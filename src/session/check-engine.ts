import {ENGINE_CHOICES, type EngineRequest} from '../protocol/messages.ts';

/**
 * Refuses an engine that nobody knows, before anything is fetched: attributes may hold any text.
 * @throws RangeError with got and expected.
 */
export function checkEngine(engine: string | undefined): void {
  const known: readonly EngineRequest[] = [...ENGINE_CHOICES, 'auto'];
  if (engine === undefined || known.some((name) => name === engine)) return;
  throw new RangeError(`got engine "${engine}", expected one of: ${known.join(', ')}`);
}
