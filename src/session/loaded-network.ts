import {AudioThread} from '../capture/audio-thread.ts';
import {EngineHost} from '../host/engine-host.ts';
import {spawnWorker} from '../host/spawn-worker.ts';
import type {FallbackFact, LoadedInfo, WorkerFact} from '../protocol/messages.ts';

/** What loading needs. */
export interface LoadNetworkOptions<Info> {
  readonly assetBase: URL | undefined;
  readonly signal: AbortSignal;
  /** Asks the worker to load; its promise rejects with the signal's reason once that aborts. */
  readonly load: (host: EngineHost) => Promise<Info>;
  readonly onFact: (fact: WorkerFact) => void;
}

/** A worker with a network in it and an audio thread beside it: all that listening will ever fetch. Page thread. */
export class LoadedNetwork<Info extends LoadedInfo> {
  readonly host: EngineHost;
  readonly audioThread: AudioThread;
  #info: Info;

  private constructor(host: EngineHost, audioThread: AudioThread, info: Info) {
    this.host = host;
    this.audioThread = audioThread;
    this.#info = info;
  }

  /** What runs now. */
  get info(): Info {
    return this.#info;
  }

  /**
   * Starts both threads and loads into them, side by side.
   * @throws SpeechError as worker and worklet say; the signal's reason once it aborts. Nothing is left running then.
   */
  static async load<Info extends LoadedInfo>({
    assetBase,
    signal,
    load,
    onFact,
  }: LoadNetworkOptions<Info>): Promise<LoadedNetwork<Info>> {
    signal.throwIfAborted();
    const host = new EngineHost(spawnWorker(assetBase), onFact);
    const audioThread = AudioThread.load({assetBase, signal});
    try {
      const [info, thread] = await Promise.all([load(host), audioThread]);
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
