import type {EngineName} from './engine.ts';

/** A runtime that did not load: its files cannot be had, do not start here, or did not answer in time. */
export class EngineUnavailableError extends Error {
  readonly code = 'engine-unavailable';
  readonly engine: EngineName;

  constructor(engine: EngineName, got: string, expected: string, options?: ErrorOptions) {
    super(`engine ${engine}: got ${got}, expected ${expected}`, options);
    this.name = 'EngineUnavailableError';
    this.engine = engine;
  }
}
