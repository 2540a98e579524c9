import type {TranscriberOptions} from '../session/transcriber-options.ts';
import {pickSet} from './pick-set.ts';
import {splitWords} from './split-words.ts';

/** What a transcriber is made from. */
export interface TranscriberSetup extends TranscriberOptions {
  readonly systemId: string;
}

/** The properties of the element that are left out where they are not set. */
const OPTIONAL = [
  'assetBase',
  'mirror',
  'askAbove',
  'engine',
  'numerics',
  'threadCount',
  'weights',
  'languageModel',
  'decoding',
  'beamWidth',
  'languageModelWeight',
  'wordBonus',
  'hotWordBoost',
  'trailingSilenceMs',
  'maxUtteranceMs',
  'features',
  'fullScale',
] as const;

/** The properties of the element from which its transcriber is made. */
export type TranscriptProperties = {
  readonly [Name in (typeof OPTIONAL)[number]]: TranscriberOptions[Name] | undefined;
} & {
  readonly model: string;
  /** A text of words separated by spaces, empty for none; or a list. */
  readonly hotWords: string | NonNullable<TranscriberOptions['hotWords']>;
  readonly allowUnverified: boolean;
};

/** Properties that need a new transcriber when they change. */
export const SETUP_PROPERTIES = [
  'model',
  'hotWords',
  'allowUnverified',
  ...OPTIONAL,
] as const satisfies readonly (keyof TranscriptProperties)[];

/** What to make a transcriber from: what is not set is left out, so that the system's own defaults hold. */
export function setupOf(properties: TranscriptProperties): TranscriberSetup {
  const {model, allowUnverified} = properties;
  const hotWords =
    typeof properties.hotWords === 'string' ? splitWords(properties.hotWords) : properties.hotWords;
  return {
    systemId: model,
    allowUnverified,
    ...(hotWords.length > 0 && {hotWords}),
    ...pickSet(properties, OPTIONAL),
  };
}
