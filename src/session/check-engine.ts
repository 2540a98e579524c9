import {ENGINE_CHOICES} from '../protocol/messages.ts';

/**
 * Refuses an engine that nobody knows, before anything is fetched: attributes may hold any text.
 * @throws RangeError with got and expected.
 */
export function checkEngine(engine: string | undefined): void {
  if (engine === undefined || ENGINE_CHOICES.some((name) => name === engine)) return;
  throw new RangeError(`got engine "${engine}", expected one of: ${ENGINE_CHOICES.join(', ')}`);
}
