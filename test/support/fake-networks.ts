import type {ChoiceSources, MeasurableNetwork} from '../../src/engine/choice/choose-engine.ts';
import type {Numerics} from '../../src/engine/engine.ts';

/** How a fake network behaves; times pass on the fake timers of the test. */
export interface FakeBehaviour {
  /** Time of one window; Infinity for one that never comes. */
  readonly windowMs: number;
  /** Of the first window, where it takes longer. */
  readonly firstWindowMs?: number;
  readonly loadMs?: number;
  /** What loading it downloads. */
  readonly bytes?: number;
  readonly loadError?: string;
  readonly runError?: string;
  /** Added to one output, whose range is 1. */
  readonly error?: number;
  readonly unsupportedOps?: readonly string[];
  readonly threadCount?: number;
}

/** A network that takes its time. */
export class FakeNetwork implements MeasurableNetwork {
  readonly name: string;
  readonly threadCount: number;
  isDisposed = false;
  runCount = 0;
  readonly #behaviour: FakeBehaviour;
  readonly #signal: AbortSignal;

  constructor(name: string, behaviour: FakeBehaviour, signal: AbortSignal) {
    this.name = name;
    this.threadCount = behaviour.threadCount ?? 1;
    this.#behaviour = behaviour;
    this.#signal = signal;
  }

  /** Whether its loader was told to stop. */
  get wasCalledOff(): boolean {
    return this.#signal.aborted;
  }

  async run(windowIndex: number): Promise<Float32Array> {
    const {windowMs, firstWindowMs = windowMs, runError, error = 0} = this.#behaviour;
    if (this.isDisposed) throw new Error('got run() after dispose()');
    if (runError !== undefined) throw new Error(runError);
    await after(this.runCount++ === 0 ? firstWindowMs : windowMs);
    return Float32Array.of(0, 0.5 + error, windowIndex === 0 ? 1 : -0.5);
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

/** What a choice between fakes is made from, and the networks it has loaded or begun to load. */
export interface Fakes {
  readonly networks: readonly FakeNetwork[];
  readonly sources: ChoiceSources<FakeNetwork>;
}

/** @param behaviours by engine and numerics, for example `onnx float32`; an engine without any has no code. */
export function runFakes(behaviours: Readonly<Record<string, FakeBehaviour>>): Fakes {
  const networks: FakeNetwork[] = [];
  let loadedBytes = 1000; // of something else
  return {
    networks,
    sources: {
      now: () => performance.now(),
      loadedBytes: () => loadedBytes,
      supportOf: async (engine) => {
        const support = Object.entries(behaviours)
          .filter(([name]) => name.startsWith(engine))
          .map(([name, {unsupportedOps = []}]) => ({
            numerics: name.slice(engine.length + 1) as Numerics,
            unsupportedOps,
          }));
        if (support.length === 0 && engine !== 'onnx') throw new Error(`no engine ${engine}`);
        return support;
      },
      load: async ({engine, numerics}, signal) => {
        const name = `${engine} ${numerics}`;
        const behaviour = behaviours[name];
        if (!behaviour) throw new Error(`no network ${name}`);
        const network = new FakeNetwork(name, behaviour, signal);
        networks.push(network);
        await after(behaviour.loadMs ?? 0);
        if (behaviour.loadError !== undefined) {
          network.dispose();
          throw new Error(behaviour.loadError);
        }
        loadedBytes += behaviour.bytes ?? 0;
        return network;
      },
    },
  };
}

/** After so long, at once for nothing, never for ever. */
async function after(ms: number): Promise<void> {
  if (ms === 0) return;
  await new Promise((resolve) => {
    if (ms !== Infinity) setTimeout(resolve, ms);
  });
}
