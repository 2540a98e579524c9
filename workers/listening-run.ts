import {KeywordPipeline, type KeywordPipelineObserver} from '../src/pipeline/keyword-pipeline.ts';
import type {KeywordClassifier} from '../src/pipeline/keyword-classifier.ts';
import type {ErrorFact, ListeningFact, ListeningStats, ListenRequest} from '../src/protocol/messages.ts';
import {toErrorReport} from '../src/protocol/speech-error.ts';
import {AudioInbox} from './audio-inbox.ts';

/** Between two `stats` facts. */
const STATS_INTERVAL_MS = 1000;

/** From `listen` to `stop`: one pipeline fed by one port. Worker. */
export class ListeningRun {
  readonly #pipeline: KeywordPipeline;
  readonly #inbox: AudioInbox;
  readonly #post: (fact: ListeningFact | ErrorFact) => void;
  readonly #statsTimer: ReturnType<typeof setInterval>;
  readonly #classifierFree: Promise<void>;
  #ended: Promise<void> | undefined;

  /** @param previous the run that had the classifier before, stopped by now. */
  constructor(
    classifier: KeywordClassifier,
    {sampleRateHz, port, detection}: ListenRequest,
    post: (fact: ListeningFact | ErrorFact) => void,
    previous?: ListeningRun,
  ) {
    this.#post = post;
    this.#classifierFree = previous?.ended ?? Promise.resolve();
    this.#pipeline = new KeywordPipeline(classifier, this.#observer(), {
      ...detection,
      inputRateHz: sampleRateHz,
      clock: () => performance.now(),
    });
    this.#inbox = new AudioInbox(port, this.#pipeline, () => {
      this.#afterChunk();
    });
    this.#statsTimer = setInterval(() => {
      post({kind: 'stats', stats: this.#pipeline.stats});
    }, STATS_INTERVAL_MS);
  }

  /** Resolves once the classifier is free, for a run that is stopped: an inference may have been under way. */
  get ended(): Promise<void> | undefined {
    return this.#ended;
  }

  /** Changes the threshold while listening. */
  setThreshold(threshold: number): void {
    this.#pipeline.setThreshold(threshold);
  }

  /** Ends the run and returns its counters. Idempotent. */
  stop(): ListeningStats {
    clearInterval(this.#statsTimer);
    this.#inbox.close();
    this.#ended ??= Promise.all([this.#classifierFree, this.#pipeline.stop()]).then(() => undefined);
    return this.#pipeline.stats;
  }

  #afterChunk(): void {
    const {levelDb, newestSample} = this.#pipeline;
    this.#post({kind: 'level', rmsDb: levelDb, endSample: newestSample});
    this.#drain().catch((error: unknown) => {
      this.stop();
      this.#post({kind: 'error', error: toErrorReport(error)});
    });
  }

  async #drain(): Promise<void> {
    await this.#classifierFree;
    await this.#pipeline.drain();
  }

  #observer(): KeywordPipelineObserver {
    return {
      onKeyword: (hit, latencyMs) => {
        this.#post({kind: 'keyword', ...hit, latencyMs});
      },
      onPosteriors: (posteriors, endSample) => {
        this.#post({kind: 'posteriors', posteriors, endSample});
      },
    };
  }
}
