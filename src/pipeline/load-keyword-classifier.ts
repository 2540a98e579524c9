import type {Model} from '../engine/engine.ts';
import type {Graph} from '../graph/graph.ts';
import type {KeywordCard} from '../systems/card.ts';
import type {KeywordSystem} from '../systems/keyword-system.ts';
import {findKeywordSystem} from '../systems/keyword-systems.ts';
import {KeywordClassifier} from './keyword-classifier.ts';

/** A system's network before an engine has it. */
export interface BuiltNetwork {
  readonly graph: Graph;
  readonly system: KeywordSystem;
}

/** What the thread that loads provides: where weights come from, and the engine. */
export interface KeywordClassifierSources {
  /** The weights' bytes, already checked against the card. */
  readonly weightsFor: (card: KeywordCard) => Promise<Uint8Array>;
  readonly modelFor: (graph: Graph, system: KeywordSystem) => Promise<Model>;
}

/**
 * Makes a system ready to classify; the first window has been run once, so that compiling is behind it.
 * @throws RangeError for an unknown system, ModelFormatError where weights do not fit it, and whatever the sources
 * throw.
 */
export async function loadKeywordClassifier(
  systemId: string,
  {weightsFor, modelFor}: KeywordClassifierSources,
): Promise<KeywordClassifier> {
  const system = await findKeywordSystem(systemId);
  const graph = system.buildGraph(await weightsFor(system.card));
  const model = await modelFor(graph, system);
  try {
    const classifier = new KeywordClassifier(system, model);
    const silence = new Float32Array(system.frameCount * system.mfcc.coefficientCount);
    await classifier.classify(silence, new Float32Array(system.card.labels.length));
    return classifier;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
