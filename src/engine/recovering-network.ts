import type {Graph, TensorData} from '../graph/graph.ts';
import type {EngineName} from './engine.ts';
import type {ModelParts} from './guarded-model.ts';

/** A network inside one engine. */
export type Network = Pick<ModelParts, 'engine' | 'execute' | 'release'>;

/** A network on the GPU, and what replaces it. */
export interface RecoveringParts {
  readonly graph: Graph;
  readonly gpu: Network;
  /** Resolves with the reason once the GPU cannot be relied on. */
  readonly failure: Promise<string>;
  /** Makes the same network ready in WebAssembly; must need no download. */
  readonly fallBack: () => Promise<Network>;
  readonly onFallback?: ((engine: EngineName, reason: string) => void) | undefined;
}

/**
 * Runs a network on the GPU until that fails, and from then on in WebAssembly: the run under way is run again with the
 * same inputs, so that no window is lost. A GPU is lost by a driver's restart, by sleep, or because another page hangs it.
 */
export class RecoveringNetwork implements ModelParts {
  readonly numerics = 'float32';
  readonly graph: Graph;
  readonly #parts: RecoveringParts;
  #network: Network;
  #failure: string | undefined; // of the GPU
  #fallbackReason: string | undefined; // from the moment the other network runs

  constructor(parts: RecoveringParts) {
    this.graph = parts.graph;
    this.#parts = parts;
    this.#network = parts.gpu;
    void parts.failure.then((reason) => {
      this.#failure = reason;
    });
  }

  /** The engine that runs now. */
  get engine(): EngineName {
    return this.#network.engine;
  }

  /** Why WebAssembly runs in place of the GPU; undefined while the GPU does. */
  get fallbackReason(): string | undefined {
    return this.#fallbackReason;
  }

  /** @throws whatever the fallback throws where that fails too; the next run then tries once more. */
  async execute(inputs: readonly TensorData[]): Promise<readonly TensorData[]> {
    if (this.#fallbackReason !== undefined) return await this.#network.execute(inputs);
    const outputs = await this.#executeOnGpu(inputs);
    if (outputs) return outputs;
    await this.#fallBack();
    return await this.#network.execute(inputs);
  }

  release(): void {
    this.#network.release();
  }

  /** Undefined where the GPU has failed; a run on a lost device may never settle. */
  async #executeOnGpu(inputs: readonly TensorData[]): Promise<readonly TensorData[] | undefined> {
    if (this.#hasFailed()) return undefined;
    const failed = this.#parts.failure.then(() => undefined);
    try {
      const outputs = await Promise.race([this.#parts.gpu.execute(inputs), failed]);
      return this.#hasFailed() ? undefined : outputs; // computed while the GPU went away, they may be anything
    } catch (error) {
      this.#failure ??= `the GPU failed: ${String(error)}`; // a lost device may be told later than the run fails
      return undefined;
    }
  }

  #hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  async #fallBack(): Promise<void> {
    const {gpu, fallBack, onFallback} = this.#parts;
    const reason = this.#failure ?? '';
    this.#network = await fallBack();
    this.#fallbackReason = reason;
    gpu.release();
    onFallback?.(this.#network.engine, reason);
  }
}
