import {ENGINE_CHOICES, type EngineRequest} from '../protocol/messages.ts';
import {checkWord} from './check-word.ts';

/**
 * Refuses an engine that nobody knows, before anything is fetched: attributes may hold any text.
 * @throws RangeError with got and expected.
 */
export function checkEngine(engine: string | undefined): void {
  const known: readonly EngineRequest[] = [...ENGINE_CHOICES, 'auto'];
  checkWord('engine', engine, known);
}
