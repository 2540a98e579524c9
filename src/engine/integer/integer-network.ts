import type {Graph, Tensor, TensorData} from '../../graph/graph.ts';
import {elementCount} from '../../graph/shape.ts';
import {tensorOf} from '../../graph/tensor-of.ts';
import {EngineUnavailableError} from '../engine-unavailable-error.ts';
import {arrangeMemory, type MemoryPlan} from './arrange-memory.ts';
import type {Buffer, KernelName, Step} from './blocks.ts';
import {planProgram} from './plan-program.ts';

const PAGE_BYTES = 65_536;

/** What kernels.wasm exports: each is given the address of its block. */
export type Kernels = Readonly<Record<KernelName, (block: number) => void>>;

const arrayTypes = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: Int32Array,
} as const;

/** A quantised graph in WebAssembly memory of its own. */
export class IntegerNetwork {
  readonly steps: readonly Step[];
  /** The memory of the network, bytes. */
  readonly byteLength: number;
  readonly #calls: readonly {readonly kernel: (block: number) => void; readonly block: number}[];
  readonly #inputs: readonly TensorData[]; // views of the memory
  readonly #outputs: readonly TensorData[];

  private constructor(graph: Graph, plan: MemoryPlan, {kernels, memory, program}: Instance) {
    this.steps = program.steps;
    this.byteLength = memory.buffer.byteLength;
    this.#calls = program.steps.map(({kernel}, index) => ({
      kernel: kernels[kernel],
      block: plan.blocks[index] as number,
    }));
    const viewsOf = (names: readonly string[], buffers: readonly Buffer[]): readonly TensorData[] =>
      names.map((name, index) =>
        viewOf(memory, tensorOf(graph, name), plan.addressOf(buffers[index] as Buffer)),
      );
    this.#inputs = viewsOf(graph.inputs, program.inputs);
    this.#outputs = viewsOf(graph.outputs, program.outputs);
  }

  /**
   * Plans a graph, and gives it memory.
   * @throws ModelFormatError where the kernels do not do what a node says.
   * @throws EngineUnavailableError where there is not that much memory.
   */
  static create(graph: Graph, module: WebAssembly.Module): IntegerNetwork {
    const program = planProgram(graph);
    const plan = arrangeMemory(program.steps, program.inputs, program.outputs);
    const memory = allocate(plan.byteLength);
    new Uint8Array(memory.buffer).set(plan.image);
    const {exports} = new WebAssembly.Instance(module, {env: {memory}});
    return new IntegerNetwork(graph, plan, {kernels: exports as unknown as Kernels, memory, program});
  }

  /** One flat array per graph input in, one per graph output out: these are copies. */
  run(inputs: readonly TensorData[]): readonly TensorData[] {
    this.write(inputs);
    for (const {kernel, block} of this.#calls) kernel(block);
    return this.#outputs.map((view) => view.slice());
  }

  /** Only sets the inputs. */
  write(inputs: readonly TensorData[]): void {
    this.#inputs.forEach((view, index) => view.set(inputs[index] as TensorData));
  }

  /** Only takes one step; all in turn are a run. For measuring. */
  runStep(index: number): void {
    const call = this.#calls[index];
    if (!call) throw new RangeError(`got step ${index}, expected one of ${this.#calls.length}`);
    call.kernel(call.block);
  }
}

interface Instance {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly program: ReturnType<typeof planProgram>;
}

function viewOf({buffer}: WebAssembly.Memory, {type, shape}: Tensor, address: number): TensorData {
  return new arrayTypes[type](buffer, address, elementCount(shape));
}

function allocate(byteLength: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({initial: Math.ceil(byteLength / PAGE_BYTES)});
  } catch (error) {
    throw new EngineUnavailableError('integer', String(error), `${byteLength} bytes of memory`, {
      cause: error,
    });
  }
}
