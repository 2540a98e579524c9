import type {Model} from '../src/engine/engine.ts';
import {KeywordPipeline} from '../src/pipeline/keyword-pipeline.ts';
import type {KeywordClassifier} from '../src/pipeline/keyword-classifier.ts';
import {loadKeywordClassifier, type BuiltNetwork} from '../src/pipeline/load-keyword-classifier.ts';
import type {
  DetectionOptions,
  IncrementalInfo,
  KeywordFact,
  ListenRequest,
  LoadReply,
  LoadRequest,
  PosteriorsFact,
} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import {NetworkLoader, type LoadContext} from './network-loader.ts';

/** Hears keywords for the page: one loaded network and the newest pipeline with it. Worker. */
export class KeywordService {
  #classifier: KeywordClassifier | undefined;
  #pipeline: KeywordPipeline | undefined;

  /**
   * Makes a network ready; one that was loaded before is given up.
   * @throws SpeechError and the typed errors of models, formats and engine; an AbortError once the signal aborts.
   */
  async load(request: LoadRequest, context: LoadContext): Promise<LoadReply> {
    const loader = new NetworkLoader(request, context);
    let incremental: IncrementalInfo | undefined;
    const classifier = await loadKeywordClassifier(request.systemId, {
      weightsFor: async (card) => {
        await loader.plan(card);
        return await loader.readWeights(card);
      },
      modelFor: async (graph, system) => {
        const whole = await loadWhole(request, {graph, system}, loader);
        if (!request.incremental) return whole;
        // on need: most pages do not ask for it
        const {loadIncremental} = await import('../src/pipeline/load-incremental.ts');
        const network = {graph, system, hopMs: request.incremental.hopMs};
        const loaded = await loadIncremental(whole, network, (part) => loader.loadPart(part, whole));
        incremental = loaded.info;
        return loaded.model;
      },
    });
    this.#classifier?.model.dispose();
    this.#classifier = classifier;
    const {card, mfcc} = classifier.system;
    return {
      ...loader.describe(card, mfcc.sampleRateHz, classifier.model),
      labels: card.labels,
      keywords: card.labels.filter((label) => !card.rejectLabels.includes(label)),
      defaultThreshold: card.defaults.threshold,
      ...(incremental && {incremental}),
    };
  }

  /** A pipeline for one run. */
  listen(
    {sampleRateHz, detection}: ListenRequest,
    post: (fact: KeywordFact | PosteriorsFact) => void,
  ): KeywordPipeline {
    if (!this.#classifier) throw new SpeechError('internal', 'got listen, expected load first');
    const observer = {
      onKeyword: (hit: Omit<KeywordFact, 'kind' | 'latencyMs'>, latencyMs: number): void => {
        post({kind: 'keyword', ...hit, latencyMs});
      },
      onPosteriors: (posteriors: Float32Array, endSample: number): void => {
        post({kind: 'posteriors', posteriors, endSample});
      },
    };
    this.#pipeline = new KeywordPipeline(this.#classifier, observer, {
      ...detection,
      inputRateHz: sampleRateHz,
      clock: () => performance.now(),
    });
    return this.#pipeline;
  }

  /** Changes what can be changed while listening. */
  configure({threshold}: DetectionOptions): void {
    if (threshold !== undefined) this.#pipeline?.setThreshold(threshold);
  }
}

/** The network as it is, in the engine that the page or the card names, or in the fastest. */
async function loadWhole(
  request: LoadRequest,
  {graph, system}: BuiltNetwork,
  loader: NetworkLoader,
): Promise<Model> {
  const {engine} = request;
  if (engine !== 'auto') return await loader.loadModel(graph, system.card, engine);
  // on need: most pages measure nothing
  const {chooseForPage} = await import('./choose-for-page.ts');
  const subject = {graph, system, weights: loader.weights};
  return await loader.chooseModel((choice) => chooseForPage(request, subject, choice));
}
