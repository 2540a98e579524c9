import type {InferenceSession, Tensor as OnnxTensor} from 'onnxruntime-web/wasm';
import type {Graph, TensorData} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import type {Runtime} from './onnx-runtime.ts';
import {fromOnnxTensor, toOnnxTensor} from './onnx-tensors.ts';

/** What runs the operators of a session. */
export type Provider = 'wasm' | {readonly name: 'webgpu'; readonly device: GPUDevice};

/** A graph inside onnxruntime-web. */
export class OnnxSession {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #graph: Graph;

  private constructor(runtime: Runtime, session: InferenceSession, graph: Graph) {
    this.#runtime = runtime;
    this.#session = session;
    this.#graph = graph;
  }

  /**
   * @param file the graph, written as ONNX.
   * @throws ModelFormatError where the runtime does not take it; the signal's reason where it has aborted by the time the
   * session is open, which is then released.
   */
  static async open(
    runtime: Runtime,
    graph: Graph,
    file: Uint8Array,
    {provider, signal}: {readonly provider: Provider; readonly signal?: AbortSignal | undefined},
  ): Promise<OnnxSession> {
    let session: InferenceSession;
    try {
      session = await runtime.InferenceSession.create(file, {
        executionProviders: [provider],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4, // fatal only: what fails is thrown
        // the integer operators are chosen for their rounding; the optimiser must not swap in others
        extra: {session: {disable_quant_qdq: '1'}},
      });
    } catch (error) {
      throw new ModelFormatError(String(error), 'a network that onnxruntime-web runs');
    }
    const opened = new OnnxSession(runtime, session, graph);
    if (signal?.aborted) opened.release();
    signal?.throwIfAborted();
    return opened;
  }

  /** One flat array per graph input in, one per graph output out. */
  async run(inputs: readonly TensorData[]): Promise<readonly TensorData[]> {
    const feeds: Record<string, OnnxTensor> = {};
    this.#graph.inputs.forEach((name, index) => {
      feeds[name] = toOnnxTensor(this.#runtime, tensorOf(this.#graph, name), inputs[index] as TensorData);
    });
    const results = await this.#session.run(feeds);
    return this.#graph.outputs.map((name) =>
      fromOnnxTensor(tensorOf(this.#graph, name), results[name] as OnnxTensor),
    );
  }

  /** Gives its memory back. */
  release(): void {
    void this.#session.release();
  }
}
