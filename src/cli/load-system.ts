import {readFile} from 'node:fs/promises';
import type {KeywordClassifier} from '../pipeline/keyword-classifier.ts';
import {loadKeywordClassifier} from '../pipeline/load-keyword-classifier.ts';
import {loadTranscriber, type LoadedTranscriber} from '../pipeline/load-transcriber.ts';
import type {SelfTestReport} from '../pipeline/self-test.ts';
import type {TranscriptionCard} from '../systems/card.ts';
import {cards} from '../systems/cards.ts';
import {chooseLanguageModel} from '../systems/choose-language-model.ts';
import {keywordSystemIds} from '../systems/keyword-systems.ts';
import {transcriptionSystemIds} from '../systems/transcription-systems.ts';
import {builtInLanguageModel, builtInLexicon, type LanguageModelFile} from '../models/language-models.ts';
import {verifyWeights} from '../models/verify-weights.ts';
import {namingFile, UsageError} from './cli-error.ts';
import {findBuiltInFile} from './find-weights.ts';
import {wordOption} from './parse-options.ts';
import {describeSelfTest, testLoadedFile} from './self-test.ts';
import {describeSystem, SystemSources, type SystemChoice, type SystemReport} from './system-sources.ts';

/** An option of transcribers alone, beside those of all systems. */
export const fullScaleOption = {'full-scale': {type: 'string'}} as const;

/** What `--help` says of it. */
export const fullScaleHelp = `\
  --full-scale NAME    what a sample of 1 counted as when the network was trained: int32, int16 or unit; for deepspeech2
                       alone, default int32. Text that is no text is the sign of a wrong one`;

/** A keyword spotter that runs, and what a report says of it. */
export interface LoadedSystem {
  readonly classifier: KeywordClassifier;
  readonly report: SystemReport;
}

/** A transcriber that runs, and what a report says of it. */
export interface LoadedTranscriptionSystem {
  readonly transcriber: LoadedTranscriber;
  readonly report: SystemReport & {
    /** `built-in`, or the file. */
    readonly languageModel?: string;
    /** Words of the language model that the system cannot spell or say. */
    readonly leftOutWords?: number;
    readonly selfTest?: SelfTestReport;
  };
}

/**
 * Loads a keyword spotter with the engine, numerics and weights that were asked for.
 * @throws UsageError where one of them is unknown, CliError and the typed errors of models and engines.
 */
export async function loadSystem(systemId: string, choice: SystemChoice): Promise<LoadedSystem> {
  const sources = new SystemSources(choice);
  checkKnown(systemId, keywordSystemIds);
  const classifier = await loadKeywordClassifier(systemId, sources);
  return {classifier, report: sources.report(systemId, classifier.model)};
}

/**
 * Loads a transcriber with the engine, numerics, weights and language model that were asked for, and tests it where a
 * vector is published for its weights.
 * @throws UsageError where one of them is unknown, CliError and the typed errors of models, decode and engines.
 */
export async function loadTranscriptionSystem(
  systemId: string,
  choice: SystemChoice & {
    readonly lm?: string | undefined;
    readonly decoding?: string | undefined;
    readonly vectors?: string | undefined;
    readonly 'full-scale'?: string | undefined;
  },
): Promise<LoadedTranscriptionSystem> {
  const sources = new SystemSources(choice);
  const card = findTranscriptionCard(systemId);
  const fullScale = wordOption('full-scale', choice['full-scale'], ['int32', 'int16', 'unit']);
  const decoding = wordOption('decoding', choice.decoding, ['beam', 'greedy']);
  const lm = chooseLanguageModel(card, choice.lm, decoding);
  const languageModel = lm === undefined ? undefined : await readLanguageModel(lm);
  const transcriber = await loadTranscriber(systemId, {
    weightsFor: sources.weightsFor,
    modelFor: sources.modelFor,
    modelOf: sources.modelOf,
    languageModel,
    lexicon: () => readBuiltIn(builtInLexicon),
    fullScale,
  });
  const {system, model, words} = transcriber;
  const report = sources.report(systemId, model);
  try {
    const tested = await testLoadedFile({card: system.card, model, weights: report.weights}, choice.vectors);
    const facts = {
      ...(lm !== undefined && {languageModel: lm, leftOutWords: words?.leftOutWords ?? 0}),
      ...(tested !== undefined && {selfTest: tested}),
    };
    return {transcriber, report: {...report, ...facts}};
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The lines about a transcriber at the head of a report for people. */
export function describeTranscriptionSystem(report: LoadedTranscriptionSystem['report']): string {
  const {selfTest: tested, languageModel, leftOutWords = 0} = report;
  const leftOut =
    leftOutWords === 0 ? '' : `, ${leftOutWords} of its words left out that cannot be spelled or said`;
  return [
    describeSystem(report),
    ...(languageModel === undefined ? [] : [`words      ${languageModel}${leftOut}`]),
    ...(tested === undefined ? [] : [describeSelfTest(tested)]),
  ].join('\n');
}

async function readLanguageModel(choice: string): Promise<Uint8Array> {
  if (choice !== 'built-in') return await namingFile(choice, () => readFile(choice));
  return await readBuiltIn(builtInLanguageModel);
}

async function readBuiltIn(pinned: LanguageModelFile): Promise<Uint8Array> {
  const file = findBuiltInFile(pinned.id, pinned.builtInPath);
  return await namingFile(file, async () => {
    const bytes = await readFile(file);
    await verifyWeights(pinned, bytes);
    return bytes;
  });
}

/**
 * The card of a transcriber.
 * @throws UsageError where nobody knows it.
 */
export function findTranscriptionCard(systemId: string): TranscriptionCard {
  const found = cards.find((card) => card.task === 'transcription' && card.id === systemId);
  if (found?.task === 'transcription') return found;
  throw unknownSystem(systemId, transcriptionSystemIds);
}

function checkKnown(systemId: string, known: readonly string[]): void {
  if (known.includes(systemId)) return;
  throw unknownSystem(systemId, known);
}

function unknownSystem(systemId: string, known: readonly string[]): UsageError {
  return new UsageError(`got system "${systemId}", expected one of: ${known.join(', ')}`);
}
