import {explainThreads} from '../src/engine/choice/explain-threads.ts';
import {unmeasuredReason} from '../src/engine/choice/unmeasured-reason.ts';
import type {EngineAssets, EngineName} from '../src/engine/engine.ts';
import {defaultEngine, defaultNumerics, loadModel} from '../src/engine/engines.ts';
import {readWeights} from '../src/models/read-weights.ts';
import {verifyWeights} from '../src/models/verify-weights.ts';
import type {KeywordClassifier} from '../src/pipeline/keyword-classifier.ts';
import {loadKeywordClassifier} from '../src/pipeline/load-keyword-classifier.ts';
import type {SystemCard} from '../src/models/catalogue.ts';
import type {ChosenBecause} from '../src/protocol/engine-choice.ts';
import {
  PROTOCOL_VERSION,
  type FallbackFact,
  type LoadReply,
  type LoadRequest,
  type ProgressFact,
  type WeightsInfo,
} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {ChoiceStorage} from './choice-memory.ts';

/** Unverified weights may be at most this large: far above every keyword network, far below what hurts a phone. */
const MAX_UNVERIFIED_BYTES = 64 * 1024 * 1024;

/** A classifier and what the page is told of it. */
export interface LoadedClassifier {
  readonly classifier: KeywordClassifier;
  readonly reply: LoadReply;
}

/** What loading needs beside the request. */
export interface LoadContext {
  readonly signal: AbortSignal;
  readonly assets: EngineAssets;
  /** Where a measured choice of engine is remembered. */
  readonly storage: ChoiceStorage;
  readonly post: (fact: ProgressFact | FallbackFact) => void;
}

/**
 * Downloads or reads the weights, checks their digest, and makes the network ready to run. Worker.
 * @throws SpeechError and the typed errors of models, formats and engine; an AbortError once `signal` aborts.
 */
export async function loadForPage(
  request: LoadRequest,
  {signal, assets, storage, post}: LoadContext,
): Promise<LoadedClassifier> {
  if (request.protocolVersion !== PROTOCOL_VERSION) {
    throw new SpeechError(
      'internal',
      `got protocol version ${String(request.protocolVersion)}, expected ${String(PROTOCOL_VERSION)}: the page and the worker come from different versions`,
    );
  }
  const {allowUnverified} = request;
  const progress = (phase: ProgressFact['phase'], loadedBytes = 0, totalBytes = 0): void => {
    post({kind: 'progress', phase, loadedBytes, totalBytes});
  };
  let info: WeightsInfo | undefined;
  let because: ChosenBecause | undefined;
  const classifier = await loadKeywordClassifier(request.systemId, {
    weightsFor: async (card) => {
      const largest = Math.max(...card.weights.accepted.map(({bytes}) => bytes));
      const bytes = await readWeights(request.weights ?? builtInUrl(card, request.modelBase), {
        maxBytes: allowUnverified ? MAX_UNVERIFIED_BYTES : largest,
        signal,
        onProgress: (loaded, total) => {
          progress('download', loaded, total);
        },
      });
      progress('verify');
      info = await verifyWeights(card, bytes, {allowUnverified});
      return bytes;
    },
    modelFor: async (graph, system) => {
      signal.throwIfAborted();
      progress('compile');
      const {defaults} = system.card;
      const {engine = defaultEngine(defaults.engine, request.numerics), threadCount} = request;
      const onFallback = (runs: EngineName, reason: string): void => {
        if (because) post({kind: 'fallback', engine: runs, reason}); // not of one that is being measured
      };
      if (engine === 'auto') {
        if (!info) throw new SpeechError('internal', 'got a network without weights');
        const onCandidate = (): void => progress('compile');
        const context = {assets, storage, signal, onCandidate, onFallback};
        // on need: most pages measure nothing
        const {chooseForPage} = await import('./choose-for-page.ts');
        const choice = await chooseForPage(request, {graph, system, weights: info}, context);
        because = choice.because;
        return choice.model;
      }
      const {numerics = defaultNumerics(engine, defaults.numerics)} = request;
      const isAsked = request.engine !== undefined || request.numerics !== undefined;
      const model = await loadModel(graph, engine, {numerics, threadCount, assets, signal, onFallback});
      const candidate = {engine, numerics, threadCount: model.threadCount};
      because = unmeasuredReason(isAsked ? 'asked' : 'default', candidate);
      return model;
    },
  });
  if (!info || !because) throw new SpeechError('internal', 'got a classifier without weights');
  because = explainThreads(because, classifier.model, request.threadCount);
  return {classifier, reply: describe(classifier, info, because)};
}

function builtInUrl({id, weights}: SystemCard, modelBase: string): string {
  if (weights.builtInPath !== undefined) return new URL(weights.builtInPath, modelBase).href;
  const home = weights.homePage === undefined ? '' : `, published at ${weights.homePage}`;
  throw new SpeechError('network', `got no weights for ${id}, expected the file ${weights.name}${home}`);
}

function describe(
  {system: {card, mfcc}, model}: KeywordClassifier,
  weights: WeightsInfo,
  chosenBecause: ChosenBecause,
): LoadReply {
  return {
    systemId: card.id,
    labels: card.labels,
    keywords: card.labels.filter((label) => !card.rejectLabels.includes(label)),
    modelRateHz: mfcc.sampleRateHz,
    defaultThreshold: card.defaults.threshold,
    engine: model.engine,
    ...(model.fallbackReason !== undefined && {fallbackReason: model.fallbackReason}),
    numerics: model.numerics,
    threadCount: model.threadCount,
    chosenBecause,
    weights,
  };
}
