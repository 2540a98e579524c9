import {parseArgs, type ParseArgsConfig} from 'node:util';
import {UsageError} from './cli-error.ts';

/** Options of a command, as `parseArgs` of node:util describes them. */
export type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** Values and positionals of a command line. */
export type ParsedOptions<Options extends OptionsConfig> = ReturnType<
  typeof parseArgs<{args: string[]; options: Options; allowPositionals: true}>
>;

/**
 * Parses a command line strictly.
 * @throws UsageError for unknown options and for values that are missing or too many.
 */
export function parseOptions<Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
): ParsedOptions<Options> {
  try {
    return parseArgs({args: [...args], options, allowPositionals: true});
  } catch (cause) {
    // Node's messages go on with advice on how to pass what looks like an option; the first sentence says it all.
    const message = cause instanceof Error ? (cause.message.split(/\. |\n/)[0] ?? '') : String(cause);
    throw new UsageError(message, {cause});
  }
}

/** Which numbers an option takes, and how to say so. */
export interface NumberKind {
  readonly expected: string;
  accepts(value: number): boolean;
}

/** How many clips of a set. */
export const CLIP_COUNT: NumberKind = {
  expected: 'a whole number of at least 1',
  accepts: (value) => Number.isSafeInteger(value) && value >= 1,
};

/**
 * The number that an option gives; undefined where the option is absent.
 * @throws UsageError where it is no number, or not of the kind.
 */
export function numberOption(name: string, text: string | undefined, kind: NumberKind): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isNaN(value) && kind.accepts(value)) return value;
  throw new UsageError(`--${name}: got "${text}", expected ${kind.expected}`);
}

/**
 * The value of an option that takes one of a few words; undefined where the option is absent.
 * @throws UsageError where it is none of them.
 */
export function wordOption<Word extends string>(
  name: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${name}: got "${text}", expected ${words.join(' or ')}`);
}
