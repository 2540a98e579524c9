import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {kernelsFile} from '../../../../scripts/compile-kernels.mjs';
import {arrangeMemory, type MemoryPlan} from '../../../../src/engine/integer/arrange-memory.ts';
import type {Buffer, Place, Step} from '../../../../src/engine/integer/blocks.ts';
import type {Kernels} from '../../../../src/engine/integer/integer-network.ts';
import {planProgram, type Program} from '../../../../src/engine/integer/plan-program.ts';
import type {Graph} from '../../../../src/graph/graph.ts';
import {seededRandom} from '../../../support/prng.ts';
import {quantisedOpCases, randomInput} from '../../../support/quantised-op-cases.ts';

const SEED = 9;
const PAGE_BYTES = 65_536;

/** What a row of windows may write behind its end: the last of its 16-byte copies, in scratch memory that has the room. */
const UNFOLD_SLACK_BYTES = 16;

const module = new WebAssembly.Module(readFileSync(kernelsFile));

interface Laboratory {
  readonly program: Program;
  readonly plan: MemoryPlan;
  readonly memory: Uint8Array;
  readonly kernels: Kernels;
}

/** A network whose memory holds one value wherever nothing was put. */
function setUp(graph: Graph, canary: number): Laboratory {
  const program = planProgram(graph);
  const plan = arrangeMemory(program.steps, program.inputs, program.outputs);
  const shared = new WebAssembly.Memory({initial: Math.ceil(plan.byteLength / PAGE_BYTES)});
  const {exports} = new WebAssembly.Instance(module, {env: {memory: shared}});
  const memory = new Uint8Array(shared.buffer).fill(canary);
  memory.set(plan.image);
  const input = randomInput(graph, seededRandom(SEED));
  memory.set(new Uint8Array(input.buffer), plan.addressOf(program.inputs[0]!));
  return {program, plan, memory, kernels: exports as unknown as Kernels};
}

/** Addresses that changed, beside those that the step may write. */
function strayWrites({plan, memory, kernels}: Laboratory, step: Step, index: number): readonly number[] {
  const before = memory.slice();
  kernels[step.kernel](plan.blocks[index]!);
  const {buffer} = step.fields['output'] as Place;
  const first = plan.addressOf(buffer);
  const end = first + buffer.byteLength + (step.kernel === 'unfold' ? UNFOLD_SLACK_BYTES : 0);
  const stray: number[] = [];
  memory.forEach((value, address) => {
    if (value !== before[address] && (address < first || address >= end)) stray.push(address);
  });
  return stray;
}

function outputsOf(graph: Graph, canary: number): Uint8Array {
  const laboratory = setUp(graph, canary);
  const {program, plan, memory, kernels} = laboratory;
  program.steps.forEach(({kernel}, index) => kernels[kernel](plan.blocks[index]!));
  const [output] = program.outputs;
  const address = plan.addressOf(output!);
  return memory.slice(address, address + output!.byteLength);
}

describe.each(quantisedOpCases)('the kernels of $title', ({graph}) => {
  it.each([0x55, 0xaa])('write nothing beside what they compute (memory filled with %i)', (canary) => {
    const laboratory = setUp(graph, canary);
    laboratory.program.steps.forEach((step, index) => {
      expect(strayWrites(laboratory, step, index), `${step.kernel}, step ${index}`).toEqual([]);
    });
  });

  it('take nothing into account that lies beside their tensors', () => {
    expect(outputsOf(graph, 0x7f)).toEqual(outputsOf(graph, 0x80));
  });
});

describe('the check of what is written', () => {
  it('sees a kernel that writes a byte too much', () => {
    const {graph} = quantisedOpCases[0]!;
    const laboratory = setUp(graph, 0x55);
    const {plan, memory, kernels, program} = laboratory;
    const index = program.steps.length - 1;
    const step = program.steps[index]!;
    const {buffer} = step.fields['output'] as Place;
    const careless = (block: number): void => {
      kernels[step.kernel](block);
      memory[plan.addressOf(buffer) + buffer.byteLength] = 0;
    };
    const planted = {...laboratory, kernels: {...kernels, [step.kernel]: careless}};
    expect(strayWrites(planted, step, index)).toHaveLength(1);
  });
});

describe('the memory of a network', () => {
  it('never holds two tensors in one place at one time', () => {
    const random = seededRandom(SEED);
    for (let trial = 0; trial < 50; trial++) {
      const buffers = Array.from({length: 20}, (): Buffer => ({byteLength: random.integer(1, 500)}));
      const steps = Array.from({length: 15}, (): Step => {
        const [input, output] = [random.pick(buffers), random.pick(buffers)];
        const fields = {input: {buffer: input, offset: 0}, output: {buffer: output, offset: 0}};
        return {kernel: 'lookUp', fields: {...fields, count: 0, table: 0}, nodeIndex: 0};
      });
      const used = buffers.filter((buffer) => placesOf(steps, buffer).length > 0);
      const plan = arrangeMemory(steps, used.slice(0, 1), used.slice(-1));
      for (const a of used) for (const b of used) if (a !== b) expectApart(a, b, steps, plan, used);
    }
  });

  it('is used again: 20 layers take little more than one', () => {
    const layer = (index: number, buffers: readonly Buffer[]): Step => ({
      kernel: 'lookUp',
      fields: {
        input: {buffer: buffers[index]!, offset: 0},
        output: {buffer: buffers[index + 1]!, offset: 0},
        count: 0,
        table: 0,
      },
      nodeIndex: 0,
    });
    const buffers = Array.from({length: 21}, (): Buffer => ({byteLength: 10_000}));
    const steps = Array.from({length: 20}, (_, index) => layer(index, buffers));
    const {byteLength} = arrangeMemory(steps, buffers.slice(0, 1), buffers.slice(-1));
    expect(byteLength).toBeLessThan(2 * 10_000 + 20 * 100);
  });
});

function placesOf(steps: readonly Step[], buffer: Buffer): readonly number[] {
  return steps.flatMap(({fields}, time) =>
    Object.values(fields).some((field) => typeof field !== 'number' && field.buffer === buffer) ? [time] : [],
  );
}

function expectApart(
  a: Buffer,
  b: Buffer,
  steps: readonly Step[],
  plan: MemoryPlan,
  used: readonly Buffer[],
): void {
  const lifetime = (buffer: Buffer): [first: number, last: number] => {
    const places = placesOf(steps, buffer);
    const isInput = buffer === used[0];
    const isOutput = buffer === used.at(-1);
    return [isInput ? -1 : places[0]!, isOutput ? steps.length : places.at(-1)!];
  };
  const [[firstA, lastA], [firstB, lastB]] = [lifetime(a), lifetime(b)];
  if (lastA < firstB || lastB < firstA) return;
  const [startA, startB] = [plan.addressOf(a), plan.addressOf(b)];
  expect(startA + a.byteLength <= startB || startB + b.byteLength <= startA, `seed ${SEED}`).toBe(true);
}
