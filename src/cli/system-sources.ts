import type {EngineName, Model, Numerics} from '../engine/engine.ts';
import {defaultEngine, defaultNumerics, loadModel, openOnnxFiles} from '../engine/engines.ts';
import type {SystemCard} from '../systems/card.ts';
import type {CheckpointSystem} from '../systems/transcription-system.ts';
import {UsageError} from './cli-error.ts';
import {findWeights, type FoundWeights, type WeightsChoice} from './find-weights.ts';
import {findImported} from './imported-weights.ts';
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
  --weights FILE|DIR   weights of the system; the built-in ones where it has them. For a system that is published as a
                       checkpoint, the folder that earshot import wrote, or the checkpoint, imported for this once
  --models DIR         folder that has the weights of published systems, under any name: found by their digest
  --engine NAME        integer, onnx or tfjs; default: the one on the system's card
  --numerics NAME      int8-exact, int8-dynamic (imported networks) or float32; default: the one on the system's card
  --allow-unverified   run weights whose digest the card does not list, marked UNVERIFIED`;

/** Values of {@link systemOptions}, as they were given. */
export interface SystemChoice {
  readonly weights?: string | undefined;
  readonly models?: string | undefined;
  readonly engine?: string | undefined;
  readonly numerics?: string | undefined;
  readonly 'allow-unverified': boolean;
}

/** What every answer states of the system that gave it. */
export interface SystemReport {
  readonly system: string;
  readonly engine: EngineName;
  readonly numerics: Numerics;
  readonly weights: Omit<FoundWeights, 'bytes'>;
}

/** Weights and engine of one system as the command line asks for them. */
export class SystemSources {
  readonly #choice: SystemChoice;
  readonly #engineName: 'integer' | 'onnx' | 'tfjs' | undefined;
  readonly #numericsName: Numerics | undefined;
  #found: SystemReport['weights'] | undefined;

  /** @throws UsageError where engine or numerics are unknown, or both --weights and --models are there. */
  constructor(choice: SystemChoice) {
    this.#choice = choice;
    this.#engineName = wordOption('engine', choice.engine, ['integer', 'onnx', 'tfjs']);
    this.#numericsName = wordOption('numerics', choice.numerics, ['int8-exact', 'int8-dynamic', 'float32']);
    if (choice.weights !== undefined && choice.models !== undefined) {
      throw new UsageError('got both --weights and --models, expected one of them');
    }
  }

  /** @throws CliError as {@link findWeights}. */
  readonly weightsFor = async (card: SystemCard): Promise<Uint8Array> => {
    const {bytes, ...found} = await findWeights(card, this.#weightsChoice);
    this.#found = found;
    return bytes;
  };

  /** @throws the typed errors of engines. */
  readonly modelFor = async (
    graph: Parameters<typeof loadModel>[0],
    {card}: {readonly card: SystemCard},
  ): Promise<Model> => {
    const engine = this.#engineName ?? defaultEngine(card.defaults.engine, this.#numericsName);
    const numerics = this.#numericsName ?? defaultNumerics(engine, card.defaults.numerics);
    return await loadModel(graph, engine, {numerics, assets: nodeEngineAssets()});
  };

  /**
   * The network of a system that is imported from a checkpoint.
   * @throws UsageError where another engine than the one that opens it is asked for, CliError as {@link findImported}, and
   * the typed errors of engines.
   */
  readonly modelOf = async (system: CheckpointSystem): Promise<Model> => {
    if (this.#engineName !== undefined && this.#engineName !== 'onnx') {
      throw new UsageError(`--engine: got ${this.#engineName} for ${system.card.id}, expected onnx`);
    }
    const choice = {...this.#weightsChoice, numerics: this.#numericsName};
    const {place, manifest, network} = await findImported(system, choice);
    const {sha256, verified, what} = manifest.source;
    this.#found = {file: place, sha256, verified, what};
    return await openOnnxFiles(network, {numerics: network.numerics, assets: nodeEngineAssets()});
  };

  get #weightsChoice(): WeightsChoice {
    return {...this.#choice, allowUnverified: this.#choice['allow-unverified']};
  }

  /** What is said of the system once it is loaded. */
  report(systemId: string, {engine, numerics}: Model): SystemReport {
    const {file = '', sha256 = '', verified = false, what = ''} = this.#found ?? {};
    return {system: systemId, engine, numerics, weights: {file, sha256, verified, what}};
  }
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
