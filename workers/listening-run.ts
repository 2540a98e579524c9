import type {AudioPipeline} from '../src/pipeline/audio-pipeline.ts';
import type {ErrorFact, LevelFact, ListeningStats, StatsFact} from '../src/protocol/messages.ts';
import {toErrorReport} from '../src/protocol/speech-error.ts';
import {AudioInbox} from './audio-inbox.ts';

/** Between two `stats` facts. */
const STATS_INTERVAL_MS = 1000;

/** What every run tells, whatever it listens for. */
export type RunFact = LevelFact | StatsFact | ErrorFact;

/** From the request to listen to `stop`: one pipeline fed by one port. Worker. */
export class ListeningRun {
  readonly #pipeline: AudioPipeline;
  readonly #inbox: AudioInbox;
  readonly #post: (fact: RunFact) => void;
  readonly #statsTimer: ReturnType<typeof setInterval>;
  readonly #networkFree: Promise<unknown>;
  #ended: Promise<void> | undefined;

  /** @param previous the run that had the network before, stopped by now. */
  constructor(
    pipeline: AudioPipeline,
    port: MessagePort,
    post: (fact: RunFact) => void,
    previous?: ListeningRun,
  ) {
    this.#post = post;
    this.#networkFree = previous?.ended ?? Promise.resolve();
    this.#pipeline = pipeline;
    this.#inbox = new AudioInbox(port, pipeline, () => {
      this.#afterChunk();
    });
    this.#statsTimer = setInterval(() => {
      post({kind: 'stats', stats: pipeline.stats});
    }, STATS_INTERVAL_MS);
  }

  /** Resolves once the network is free, for a run that is stopped: an inference may have been under way. */
  get ended(): Promise<void> | undefined {
    return this.#ended;
  }

  /** Ends the run; resolves to its counters when all that it has to say is said. Idempotent. */
  async stop(): Promise<ListeningStats> {
    clearInterval(this.#statsTimer);
    this.#inbox.close();
    this.#ended ??= this.#finish();
    await this.#ended;
    return this.#pipeline.stats;
  }

  async #finish(): Promise<void> {
    await this.#networkFree;
    try {
      await this.#pipeline.stop();
    } catch (error) {
      this.#post({kind: 'error', error: toErrorReport(error)});
    }
  }

  #afterChunk(): void {
    const {levelDb, newestSample} = this.#pipeline;
    this.#post({kind: 'level', rmsDb: levelDb, endSample: newestSample});
    this.#drain().catch((error: unknown) => {
      void this.stop();
      this.#post({kind: 'error', error: toErrorReport(error)});
    });
  }

  async #drain(): Promise<void> {
    await this.#networkFree;
    await this.#pipeline.drain();
  }
}
