import {chooseOnce} from '../src/engine/choice/choose-once.ts';
import {allotThreads} from '../src/engine/allot-threads.ts';
import type {EngineAssets, EngineOptions, Model} from '../src/engine/engine.ts';
import {defaultEngine, engineNames, loadModel, supportOf} from '../src/engine/engines.ts';
import type {BuiltNetwork} from '../src/pipeline/load-keyword-classifier.ts';
import {ProbedModel} from '../src/pipeline/probed-model.ts';
import {createProbeWindows} from '../src/pipeline/probe-windows.ts';
import type {ChosenBecause} from '../src/protocol/engine-choice.ts';
import type {LoadRequest, WeightsInfo} from '../src/protocol/messages.ts';
import {EARSHOT_VERSION} from '../src/protocol/version.ts';
import {openChoiceMemory, type ChoiceStorage} from './choice-memory.ts';

/** What a visitor waits for a measurement at most where the page says nothing (docs/decisions/0010). */
const DEFAULT_BUDGET_MS = 1500;

/** The network to choose an engine for. */
export interface ChoiceSubject extends BuiltNetwork {
  readonly weights: WeightsInfo;
}

/** What choosing needs beside the request. */
export interface ChoiceContext {
  readonly assets: EngineAssets;
  readonly storage: ChoiceStorage;
  readonly signal: AbortSignal;
  /** Told before each candidate is loaded. */
  readonly onCandidate: () => void;
  readonly onFallback: NonNullable<EngineOptions['onFallback']>;
}

/**
 * The network in the engine that is fastest on this device, measured now or on an earlier visit. Worker.
 * @throws whatever loading it into the card's own engine throws; the signal's reason where it aborts.
 */
export async function chooseForPage(
  {engineBudgetMs: budgetMs = DEFAULT_BUDGET_MS, numerics, threadCount = 1}: LoadRequest,
  {graph, system, weights}: ChoiceSubject,
  {assets, storage, signal, onCandidate, onFallback}: ChoiceContext,
): Promise<{readonly model: Model; readonly because: ChosenBecause}> {
  const {id, defaults} = system.card;
  const windows = createProbeWindows(system);
  // pages of one origin may be isolated or not
  const {threadCount: mostThreads} = allotThreads('onnx', threadCount);
  const circumstances = [
    EARSHOT_VERSION,
    weights.sha256,
    engineNames,
    numerics ?? null,
    budgetMs,
    mostThreads,
  ];
  const engine = defaultEngine(defaults.engine, numerics);
  const first = {engine, numerics: numerics ?? defaults.numerics};
  const {network, because} = await chooseOnce(
    {first, engines: engineNames, numerics, windowCount: windows.length, budgetMs, signal},
    {
      now: () => performance.now(),
      supportOf: (engine, ownSignal) => supportOf(graph, engine, ownSignal),
      load: async (candidate, ownSignal) => {
        onCandidate();
        const options = {numerics: candidate.numerics, threadCount, assets, signal: ownSignal, onFallback};
        const model = await loadModel(graph, candidate.engine, options);
        return new ProbedModel(system, model, windows);
      },
      loadedBytes: () => sumOfLoadedBytes(),
    },
    openChoiceMemory(storage, id, circumstances),
  );
  return {model: network.model, because};
}

/** What this thread has fetched so far, compressed as it came; files from the browser's cache count as they did then. */
function sumOfLoadedBytes(): number {
  const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return resources.reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0);
}
