import {keywordSystems, reportableLabels} from '../session/keyword-cards.ts';
import type {KeywordSpotterOptions} from '../session/spotter-options.ts';
import {pickSet} from './pick-set.ts';
import {splitWords} from './split-words.ts';

/** What a spotter is made from. */
export interface SpotterSetup extends KeywordSpotterOptions {
  readonly systemId: string;
}

/** The properties of the element from which its spotter is made. */
export interface ListenerProperties {
  readonly model: string;
  /** Separated by spaces; empty for all. */
  readonly keywords: string;
  readonly threshold: KeywordSpotterOptions['threshold'] | undefined;
  readonly assetBase: string | undefined;
  readonly mirror: string | undefined;
  readonly askAbove: number | undefined;
  readonly engine: KeywordSpotterOptions['engine'] | undefined;
  readonly engineBudgetMs: number | undefined;
  readonly numerics: KeywordSpotterOptions['numerics'] | undefined;
  readonly threadCount: number | undefined;
  readonly incremental: boolean;
  readonly weights: Blob | undefined;
  readonly allowUnverified: boolean;
}

const OPTIONAL = [
  'threshold',
  'assetBase',
  'mirror',
  'askAbove',
  'engine',
  'engineBudgetMs',
  'numerics',
  'threadCount',
  'weights',
] as const satisfies readonly (keyof ListenerProperties)[];

/** Properties that need a new spotter when they change; the threshold is live. */
export const SETUP_PROPERTIES = [
  'model',
  'keywords',
  'allowUnverified',
  'incremental',
  ...OPTIONAL.filter((name) => name !== 'threshold'),
] as const satisfies readonly (keyof ListenerProperties)[];

/** What to make a spotter from: what is not set is left out, so that the system's own defaults hold. */
export function setupOf(properties: ListenerProperties): SpotterSetup {
  const {model, allowUnverified, incremental} = properties;
  const keywords = splitWords(properties.keywords);
  return {
    systemId: model,
    allowUnverified,
    ...(keywords.length > 0 && {keywords}),
    ...(incremental && {incremental}),
    ...pickSet(properties, OPTIONAL),
  };
}

/** The keywords that will be reported: those asked for, else all of the system's, known before it is loaded. */
export function keywordsOf({
  model,
  keywords,
}: Pick<ListenerProperties, 'model' | 'keywords'>): readonly string[] {
  const asked = splitWords(keywords);
  if (asked.length > 0) return asked;
  const card = keywordSystems.find(({id}) => id === model);
  return card ? reportableLabels(card) : [];
}
