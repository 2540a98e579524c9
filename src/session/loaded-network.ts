import {AudioThread} from '../capture/audio-thread.ts';
import {EngineHost} from '../host/engine-host.ts';
import {spawnWorker} from '../host/spawn-worker.ts';
import type {FallbackFact, LoadReply, LoadRequest, WorkerFact} from '../protocol/messages.ts';

/** What loading needs. */
export interface LoadNetworkOptions {
  readonly assetBase: URL | undefined;
  readonly signal: AbortSignal;
  readonly onFact: (fact: WorkerFact) => void;
}

/** A worker with a network in it and an audio thread beside it: all that listening will ever fetch. Page thread. */
export class LoadedNetwork {
  readonly host: EngineHost;
  readonly audioThread: AudioThread;
  #info: LoadReply;

  private constructor(host: EngineHost, audioThread: AudioThread, info: LoadReply) {
    this.host = host;
    this.audioThread = audioThread;
    this.#info = info;
  }

  /** What runs now. */
  get info(): LoadReply {
    return this.#info;
  }

  /**
   * Starts both threads and loads into them, side by side.
   * @throws SpeechError as worker and worklet say; the signal's reason once it aborts. Nothing is left running then.
   */
  static async load(
    request: LoadRequest,
    {assetBase, signal, onFact}: LoadNetworkOptions,
  ): Promise<LoadedNetwork> {
    signal.throwIfAborted();
    const host = new EngineHost(spawnWorker(assetBase), onFact);
    const audioThread = AudioThread.load({assetBase, signal});
    try {
      const [info, thread] = await Promise.all([host.request('load', request, signal), audioThread]);
      return new LoadedNetwork(host, thread, info);
    } catch (error) {
      host.dispose();
      void audioThread.then(
        (thread) => {
          thread.dispose();
        },
        () => undefined, // one of the two errors is told already
      );
      throw error;
    }
  }

  /** Notes that another engine runs the network from now on. */
  fallBack({engine, reason}: FallbackFact): void {
    this.#info = {...this.#info, engine, fallbackReason: reason};
  }

  /** Ends both threads and gives back their memory. Idempotent. */
  dispose(): void {
    this.host.dispose();
    this.audioThread.dispose();
  }
}
