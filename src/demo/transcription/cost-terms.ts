import type {transcriptionSystems} from '../../index.ts';
import {formatMegabytes} from '../format.ts';

/** The card of a transcriber. */
export type TranscriberCard = (typeof transcriptionSystems)[number];

/**
 * What a transcriber costs and gives before anything of it is fetched, in terms and words.
 * @param speed what is known of how fast it would be here.
 */
export function costTerms(
  {weights, costs, publishedFigure, limitations}: TranscriberCard,
  speed: string,
): Readonly<Record<string, string>> {
  return {
    ...(costs && {
      Size: sizeText(weights, costs),
      Memory: `up to ${formatMegabytes(costs.peakMemoryBytes)}, the page’s own included`,
    }),
    'Speed here': speed,
    ...(publishedFigure !== undefined && {'How well it hears': publishedFigure}),
    ...(limitations !== undefined && {'What it is bad at': limitations}),
  };
}

function sizeText(
  {builtInPath}: TranscriberCard['weights'],
  {weightsBytes, importedBytes}: NonNullable<TranscriberCard['costs']>,
): string {
  const size = formatMegabytes(weightsBytes);
  if (builtInPath !== undefined) return `${size} to fetch`;
  if (importedBytes === undefined) return `a file of ${size}, nothing to fetch`;
  const imported = formatMegabytes(importedBytes);
  return `a file of ${size}, imported in this page to ${imported}; or ${imported} to fetch, from a site that has imported it`;
}
