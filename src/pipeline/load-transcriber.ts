import type {Model} from '../engine/engine.ts';
import type {Graph} from '../graph/graph.ts';
import type {SystemCard} from '../systems/card.ts';
import {findTranscriptionSystem} from '../systems/transcription-systems.ts';
import type {WindowedSystem} from '../systems/transcription-system.ts';
import {UtteranceNetwork} from './utterance-network.ts';
import {openWordKnowledge, type WordKnowledge} from './word-knowledge.ts';

/** A system that is ready to transcribe. */
export interface LoadedTranscriber {
  readonly system: WindowedSystem;
  readonly model: Model;
  /** Of the language model, where there is one. */
  readonly words: WordKnowledge | undefined;
}

/** What the thread that loads provides: where weights come from, the engine, and a language model where there is one. */
export interface TranscriberSources {
  /** The weights' bytes, already checked against the card. */
  readonly weightsFor: (card: SystemCard) => Promise<Uint8Array>;
  readonly modelFor: (graph: Graph, system: WindowedSystem) => Promise<Model>;
  /** In the binary form that `earshot build-lm` writes. */
  readonly languageModel?: Uint8Array | undefined;
}

/**
 * Makes a system ready to transcribe; the network has been run once, so that compiling is behind it.
 * @throws RangeError for an unknown system, ModelFormatError where weights do not fit it, LanguageModelError where the
 * language model is none, and whatever the sources throw.
 */
export async function loadTranscriber(
  systemId: string,
  {weightsFor, modelFor, languageModel}: TranscriberSources,
): Promise<LoadedTranscriber> {
  const system = await findTranscriptionSystem(systemId);
  const words = languageModel && openWordKnowledge(languageModel, system.card); // before the network: it is the quicker to refuse
  const graph = system.buildGraph(await weightsFor(system.card));
  const model = await modelFor(graph, system);
  try {
    const network = new UtteranceNetwork(system, model, 'streaming');
    network.push(new Float32Array(system.sampleRateHz)); // a second of silence
    network.finish();
    await network.nextLogProbs();
    return {system, model, words};
  } catch (error) {
    model.dispose();
    throw error;
  }
}
