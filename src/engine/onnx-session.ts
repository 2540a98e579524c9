import type {InferenceSession, Tensor as OnnxTensor} from 'onnxruntime-web/wasm';
import type {Graph, TensorData} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import type {Runtime} from './onnx-runtime.ts';
import {fromOnnxTensor, toOnnxTensor} from './onnx-tensors.ts';
import {withExternalData} from './with-external-data.ts';

/** What runs the operators of a session. */
export type Provider = 'wasm' | {readonly name: 'webgpu'; readonly device: GPUDevice};

/** A file that holds constants of a network; the network names it by its path. */
export interface ExternalDataFile {
  readonly path: string;
  readonly data: Blob | Uint8Array;
}

/** How a session is to be opened. */
export interface SessionOptions {
  readonly provider: Provider;
  /** Read while the session opens, and not kept. */
  readonly externalData?: readonly ExternalDataFile[];
  readonly signal?: AbortSignal | undefined;
}

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
   * @param graph of which only what goes in and comes out is looked at.
   * @param file the graph, written as ONNX.
   * @throws ModelFormatError where the runtime does not take it, or it has other inputs or outputs; the signal's reason
   * where it has aborted by the time the session is open, which is then released.
   */
  static async open(
    runtime: Runtime,
    graph: Graph,
    file: Uint8Array,
    options: SessionOptions,
  ): Promise<OnnxSession> {
    const opening = lastOpening.then(() => createSession(runtime, file, options));
    lastOpening = opening.catch(() => undefined);
    const session = await opening;
    const opened = new OnnxSession(runtime, session, graph);
    try {
      options.signal?.throwIfAborted();
      checkNames(session, graph);
    } catch (error) {
      opened.release();
      throw error;
    }
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

// One after another: the runtime knows the files beside a network by their paths alone, in one table for all sessions,
// which it empties whenever any of them is open.
let lastOpening: Promise<unknown> = Promise.resolve();

async function createSession(
  runtime: Runtime,
  file: Uint8Array,
  {provider, externalData = [], signal}: SessionOptions,
): Promise<InferenceSession> {
  signal?.throwIfAborted();
  try {
    return await withExternalData(externalData, (files) =>
      runtime.InferenceSession.create(file, {
        executionProviders: [provider],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4, // fatal only: what fails is thrown
        externalData: files,
        // the integer operators are chosen for their rounding; the optimiser must not swap in others
        extra: {session: {disable_quant_qdq: '1'}},
      }),
    );
  } catch (error) {
    throw new ModelFormatError(String(error), 'a network that onnxruntime-web runs');
  }
}

function checkNames({inputNames, outputNames}: InferenceSession, {inputs, outputs}: Graph): void {
  const [got, expected] = [
    [inputNames, outputNames],
    [inputs, outputs],
  ].map((sides) => sides.map((names) => names.join(', ')).join(' → '));
  if (got !== expected) throw new ModelFormatError(`a network of ${String(got)}`, String(expected));
}
