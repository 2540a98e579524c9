import {SpeechError} from '../protocol/speech-error.ts';
import type {SystemCard} from '../systems/card.ts';

/**
 * The error of a system's weights that no address gave, with how else to have them; of what is built in, and of what is
 * no failed download, the error itself. Any thread.
 * @param siteError why what the site has imported of a checkpoint was not to be had.
 */
export function explainMissing({id, weights}: SystemCard, error: unknown, siteError?: Error): unknown {
  if (!(error instanceof SpeechError) || weights.builtInPath !== undefined) return error;
  const published = weights.homePage === undefined ? '' : ` (published at ${weights.homePage})`;
  const imported = weights.format === 'torch' ? ', or there what "earshot import" makes of it' : '';
  const failures = siteError ? `${siteError.message}; ${error.message}` : error.message;
  const message = `${failures}; for ${id} expected weights: ${weights.name}${published}${imported}`;
  return new SpeechError(error.code, message, {cause: error});
}
