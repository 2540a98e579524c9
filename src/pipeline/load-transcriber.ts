import type {Model} from '../engine/engine.ts';
import type {Graph} from '../graph/graph.ts';
import type {FullScale, SystemCard, TokenSet} from '../systems/card.ts';
import {findTranscriptionSystem} from '../systems/transcription-systems.ts';
import {
  isImported,
  type CheckpointSystem,
  type TranscriptionSystem,
  type WeightsFileSystem,
} from '../systems/transcription-system.ts';
import {createAcousticNetwork} from './create-acoustic-network.ts';
import {openWordKnowledge, type WordKnowledge} from './word-knowledge.ts';

/** A system that is ready to transcribe. */
export interface LoadedTranscriber {
  readonly system: TranscriptionSystem;
  readonly model: Model;
  /** Of the model's output. */
  readonly tokens: TokenSet;
  /** Of the language model, where there is one. */
  readonly words: WordKnowledge | undefined;
}

/** What the thread that loads provides: where weights come from, the engine, and a language model where there is one. */
export interface TranscriberSources {
  /** The weights' bytes, already checked against the card. */
  readonly weightsFor: (card: SystemCard) => Promise<Uint8Array>;
  readonly modelFor: (graph: Graph, system: WeightsFileSystem) => Promise<Model>;
  /** The network of a system that is imported from a checkpoint, opened; absent where nothing imports. */
  readonly modelOf?: (system: CheckpointSystem) => Promise<Model>;
  /**
   * In the binary form that `earshot build-lm` writes. With one, a system that can gives phones, and words are found by
   * the lexicon; without, letters.
   */
  readonly languageModel?: Uint8Array | undefined;
  /** How words are said, as `train/lexicon` writes it; asked for where phones are wanted. */
  readonly lexicon?: () => Promise<Uint8Array>;
  /** What a sample of 1 counted as when the network was trained; the published network's where absent. */
  readonly fullScale?: FullScale | undefined;
}

/**
 * Makes a system ready to transcribe; the network has been run once, so that compiling is behind it.
 * @throws RangeError for an unknown system, or a scale of samples where it has one only, ModelFormatError where weights
 * do not fit it, LanguageModelError where the language model is none, LexiconError where none of its words can be
 * spelled or said, and whatever the sources throw.
 */
export async function loadTranscriber(
  systemId: string,
  sources: TranscriberSources,
): Promise<LoadedTranscriber> {
  const {languageModel, fullScale} = sources;
  const system = rescale(await findTranscriptionSystem(systemId), fullScale);
  const {phones} = system.card;
  const tokens = languageModel && phones ? phones : system.card;
  // before the network: it is the quicker to refuse
  const lexicon = tokens === phones ? await readLexicon(system.card.id, sources) : undefined;
  const words = languageModel && openWordKnowledge(languageModel, tokens, lexicon);
  const model = await openModel(system, tokens, sources);
  try {
    const network = createAcousticNetwork({system, model, tokens}, 'streaming');
    network.push(new Float32Array(system.sampleRateHz)); // a second of silence
    network.finish();
    await network.nextLogProbs();
    return {system, model, tokens, words};
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function readLexicon(systemId: string, {lexicon}: TranscriberSources): Promise<Uint8Array> {
  if (lexicon) return await lexicon();
  throw new RangeError(`got no lexicon for ${systemId}, expected one beside its language model`);
}

function rescale(system: TranscriptionSystem, fullScale: FullScale | undefined): TranscriptionSystem {
  if (fullScale === undefined) return system;
  if (system.withFullScale) return system.withFullScale(fullScale);
  throw new RangeError(
    `got fullScale "${fullScale}" for ${system.card.id}, expected none: it has one scale only`,
  );
}

async function openModel(
  system: TranscriptionSystem,
  tokens: TokenSet,
  {weightsFor, modelFor, modelOf}: TranscriberSources,
): Promise<Model> {
  if (isImported(system)) {
    if (modelOf) return await modelOf(system);
    throw new RangeError(`got system "${system.card.id}", expected one whose weights need no import`);
  }
  return await modelFor(system.buildGraph(await weightsFor(system.card), tokens), system);
}
