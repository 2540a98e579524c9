import {defaultNumerics, loadModel} from '../engine/engines.ts';
import type {EngineName, Numerics} from '../engine/engine.ts';
import type {KeywordClassifier} from '../pipeline/keyword-classifier.ts';
import {loadKeywordClassifier} from '../pipeline/load-keyword-classifier.ts';
import {keywordSystemIds} from '../systems/keyword-systems.ts';
import {UsageError} from './cli-error.ts';
import {findWeights, type FoundWeights} from './find-weights.ts';
import {nodeEngineAssets} from './node-engine-assets.ts';
import {wordOption} from './parse-options.ts';

/** Options that choose what runs; the same for every command that runs a system. */
export const systemOptions = {
  weights: {type: 'string'},
  models: {type: 'string'},
  engine: {type: 'string'},
  numerics: {type: 'string'},
  'allow-unverified': {type: 'boolean', default: false},
} as const;

/** What `--help` says of them. */
export const systemOptionsHelp = `\
  --weights FILE       weights of the system; the built-in ones where it has them
  --models DIR         folder that has the weights of published systems, under any name: found by their digest
  --engine NAME        onnx or tfjs; default: the one on the system's card
  --numerics NAME      int8-exact or float32; default: the one on the system's card
  --allow-unverified   run weights whose digest the card does not list, marked UNVERIFIED`;

/** Values of {@link systemOptions}, as they were given. */
export interface SystemChoice {
  readonly weights?: string | undefined;
  readonly models?: string | undefined;
  readonly engine?: string | undefined;
  readonly numerics?: string | undefined;
  readonly 'allow-unverified': boolean;
}

/** A system that runs, and what a report says of it. */
export interface LoadedSystem {
  readonly classifier: KeywordClassifier;
  readonly report: SystemReport;
}

/** What every answer states of the system that gave it. */
export interface SystemReport {
  readonly system: string;
  readonly engine: EngineName;
  readonly numerics: Numerics;
  readonly weights: Omit<FoundWeights, 'bytes'>;
}

/**
 * Loads a system with the engine, numerics and weights that were asked for.
 * @throws UsageError where one of them is unknown, CliError and the typed errors of models and engines.
 */
export async function loadSystem(systemId: string, choice: SystemChoice): Promise<LoadedSystem> {
  const engineName = wordOption('engine', choice.engine, ['onnx', 'tfjs']);
  if (choice.weights !== undefined && choice.models !== undefined) {
    throw new UsageError('got both --weights and --models, expected one of them');
  }
  const numericsName = wordOption('numerics', choice.numerics, ['int8-exact', 'float32']);
  if (!keywordSystemIds.includes(systemId)) {
    throw new UsageError(`got system "${systemId}", expected one of: ${keywordSystemIds.join(', ')}`);
  }
  let found: FoundWeights | undefined;
  const classifier = await loadKeywordClassifier(systemId, {
    weightsFor: async (card) => {
      found = await findWeights(card, {...choice, allowUnverified: choice['allow-unverified']});
      return found.bytes;
    },
    modelFor: (graph, {card}) => {
      const engine = engineName ?? card.defaults.engine;
      const numerics = numericsName ?? defaultNumerics(engine, card.defaults.numerics);
      return loadModel(graph, engine, {numerics, assets: nodeEngineAssets()});
    },
  });
  const {file = '', sha256 = '', verified = false, what = ''} = found ?? {};
  const {engine, numerics} = classifier.model;
  return {
    classifier,
    report: {system: systemId, engine, numerics, weights: {file, sha256, verified, what}},
  };
}

/** The lines about the system at the head of a report for people. */
export function describeSystem({system, engine, numerics, weights}: SystemReport): string {
  const mark = weights.verified ? weights.what : 'UNVERIFIED';
  return [
    `system     ${system}`,
    `engine     ${engine}, ${numerics}`,
    `weights    ${mark}, SHA-256 ${weights.sha256} (${weights.file})`,
  ].join('\n');
}
