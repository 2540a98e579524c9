import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import type {EngineName, Numerics} from '../src/engine/engine.ts';
import {loadModel} from '../src/engine/engines.ts';
import type {Graph} from '../src/graph/graph.ts';
import {findBestShift, keepStart} from '../src/graph/keep-start.ts';
import {IncrementalModel} from '../src/pipeline/incremental-model.ts';
import {KeywordClassifier} from '../src/pipeline/keyword-classifier.ts';
import type {KeywordSystem} from '../src/systems/keyword-system.ts';

/** A keyword network whose windows take over what earlier ones computed, however little that saves. */
export interface IncrementalNetwork {
  /** Classifies windows with a place incrementally, others whole. */
  readonly classifier: KeywordClassifier;
  /** Frames from one window to the one that takes its columns. */
  readonly shift: number;
  /** Share of a window's multiply-adds, 0…1. */
  readonly savedShare: number;
}

/** How to load one. */
export interface IncrementalNetworkOptions {
  readonly engine: EngineName;
  readonly numerics: Numerics;
  readonly hopFrames: number;
}

/** Loads it in Node. */
export async function loadIncrementalNetwork(
  graph: Graph,
  system: KeywordSystem,
  {engine, numerics, hopFrames}: IncrementalNetworkOptions,
): Promise<IncrementalNetwork> {
  const {frameCount} = system;
  const {shift, savedShare} = findBestShift(graph, {frameCount, hopFrames});
  const parts = keepStart(graph, {frameCount, shift});
  const open = (part: Graph) => loadModel(part, engine, {numerics, assets: nodeEngineAssets()});
  const [whole, continued] = [await open(parts.whole), await open(parts.continued)];
  const model = new IncrementalModel({whole, continued, shift});
  return {classifier: new KeywordClassifier(system, model), shift, savedShare};
}
