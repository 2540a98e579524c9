import {keywordSystems, reportableLabels} from '../session/keyword-cards.ts';
import type {KeywordSpotterOptions} from '../session/spotter-options.ts';
import type {SpotterSetup} from './spotter-controller.ts';

/** The properties of the element from which its spotter is made. */
export interface ListenerProperties {
  readonly model: string;
  /** Separated by spaces; empty for all. */
  readonly keywords: string;
  readonly threshold: KeywordSpotterOptions['threshold'] | undefined;
  readonly assetBase: string | undefined;
  readonly engine: KeywordSpotterOptions['engine'] | undefined;
  readonly engineBudgetMs: number | undefined;
  readonly numerics: KeywordSpotterOptions['numerics'] | undefined;
  readonly threadCount: number | undefined;
  readonly incremental: boolean;
  readonly weights: Blob | undefined;
  readonly allowUnverified: boolean;
}

/** Properties that need a new spotter when they change; the threshold is live. */
export const SETUP_PROPERTIES = [
  'model',
  'keywords',
  'assetBase',
  'weights',
  'allowUnverified',
  'engine',
  'engineBudgetMs',
  'numerics',
  'threadCount',
  'incremental',
] as const satisfies readonly (keyof ListenerProperties)[];

/** What to make a spotter from: what is not set is left out, so that the system's own defaults hold. */
export function setupOf(properties: ListenerProperties): SpotterSetup {
  const {
    model,
    allowUnverified,
    threshold,
    assetBase,
    engine,
    engineBudgetMs,
    numerics,
    threadCount,
    incremental,
    weights,
  } = properties;
  const keywords = splitWords(properties.keywords);
  return {
    systemId: model,
    allowUnverified,
    ...(keywords.length > 0 && {keywords}),
    ...(threshold !== undefined && {threshold}),
    ...(assetBase !== undefined && {assetBase}),
    ...(engine !== undefined && {engine}),
    ...(engineBudgetMs !== undefined && {engineBudgetMs}),
    ...(numerics !== undefined && {numerics}),
    ...(threadCount !== undefined && {threadCount}),
    ...(incremental && {incremental}),
    ...(weights !== undefined && {weights}),
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

function splitWords(words: string): readonly string[] {
  return words.split(/\s+/).filter(Boolean);
}
