import {memory} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import {isPlannable, PlannedTfjsNetwork} from '../../../src/engine/planned-tfjs-network.ts';
import {TfjsNetwork} from '../../../src/engine/tfjs-network.ts';
import {tfjsEngine} from '../../../src/engine/tfjs-model.ts';
import {createTfjsWasmNetwork} from '../../../src/engine/tfjs-wasm-network.ts';
import type {Graph, TensorData} from '../../../src/graph/graph.ts';
import {elementCount} from '../../../src/graph/shape.ts';
import {tensorOf} from '../../../src/graph/tensor-of.ts';
import {system} from '../../../src/systems/earshot-ctc/system.ts';
import {readBuiltInWeights} from '../../support/built-in-network.ts';
import {constant, graphOf, node} from '../../support/graph-builder.ts';
import {seededRandom} from '../../support/prng.ts';

const random = seededRandom(5);
const unit = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;

/** A state, uneven pads, strides, dilations and every activation, on values that are wider than one column. */
function smallNetwork(combine: 'Add' | 'Mul' = 'Add'): Graph {
  const tensors = {
    x: {shape: [1, 2, 6, 3]},
    before: {shape: [1, 2, 2, 3]},
    joined: {shape: [1, 2, 8, 3]},
    after: {shape: [1, 2, 2, 3]},
    w1: constant([4, 2, 3, 2], random.samples(48)),
    b1: constant([4], random.samples(4)),
    c1: {shape: [1, 4, 4, 4]},
    r1: {shape: [1, 4, 4, 4]},
    w2: constant([4, 1, 2, 2], random.samples(16)),
    c2: {shape: [1, 4, 4, 4]},
    r2: {shape: [1, 4, 4, 4]},
    sum: {shape: [1, 4, 4, 4]},
    w3: constant([5, 4, 1, 1], random.samples(20)),
    c3: {shape: [1, 5, 4, 4]},
    r3: {shape: [1, 5, 4, 4]},
    y: {shape: [1, 4, 4, 5]},
  };
  const nodes = [
    node('Concat', ['before', 'x'], 'joined', {axis: 2}),
    node('Slice', ['joined'], 'after', {axes: [2], starts: [6], ends: [8]}),
    node('Conv', ['joined', 'w1', 'b1'], 'c1', {...unit, strides: [2, 1], pads: [0, 1, 1, 1]}),
    node('LeakyRelu', ['c1'], 'r1', {alpha: 0.2}),
    node('Conv', ['r1', 'w2'], 'c2', {...unit, dilations: [2, 1], pads: [1, 0, 1, 1], group: 4}),
    node('Clip', ['c2'], 'r2', {min: 0, max: 6}),
    node(combine, ['r1', 'r2'], 'sum', {}),
    node('Conv', ['sum', 'w3'], 'c3', unit),
    node('Relu', ['c3'], 'r3', {}),
    node('Transpose', ['r3'], 'y', {permutation: [0, 2, 3, 1]}),
  ];
  return graphOf(tensors, nodes, {inputs: ['x', 'before'], outputs: ['y', 'after']});
}

const builtIn = (): Graph => system.buildGraph(readBuiltInWeights(system.card), system.card);

function inventInputs(graph: Graph): readonly Float32Array[] {
  return graph.inputs.map((name) => random.samples(elementCount(tensorOf(graph, name).shape), 2));
}

/** Three runs, each with the states that the one before gave. */
async function runThrice(
  network: Pick<TfjsNetwork, 'run'>,
  inputs: readonly Float32Array[],
): Promise<number[][]> {
  const given: number[][] = [];
  let states: readonly TensorData[] = inputs.slice(1);
  for (let run = 0; run < 3; run++) {
    const outputs = await network.run([inputs[0]!, ...states]);
    given.push(...outputs.map((output) => Array.from(output)));
    states = outputs.slice(1).map((state) => state.slice());
  }
  return given;
}

beforeAll(async () => {
  const model = await tfjsEngine.load(smallNetwork(), {numerics: 'float32', assets: nodeEngineAssets()});
  model.dispose(); // the backend stays started
});

describe.each([
  ['a small network with a state', smallNetwork],
  ['the built-in transcriber', builtIn],
])('%s, planned', (_name, build) => {
  it('gives the same bits as unplanned, run after run', async () => {
    const graph = build();
    const inputs = inventInputs(graph);
    const [planned, unplanned] = [new PlannedTfjsNetwork(graph), new TfjsNetwork(graph, 'wasm')];
    const given = await runThrice(planned, inputs);
    expect(given).toEqual(await runThrice(unplanned, inputs));
    expect(new Set(given[0]).size, `seed ${random.seed}`).toBeGreaterThan(10);
    planned.dispose();
    unplanned.dispose();
  });

  it('takes its memory once, and gives all of it back', async () => {
    const graph = build();
    const before = memory().numTensors;
    const network = new PlannedTfjsNetwork(graph);
    const taken = memory().numTensors;
    await network.run(inventInputs(graph));
    expect(memory().numTensors).toBe(taken);
    network.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe('what is planned', () => {
  it('is a network that carries states, of layers that can be', () => {
    const graph = smallNetwork();
    expect(isPlannable(graph)).toBe(true);
    const network = createTfjsWasmNetwork(graph);
    expect(network).toBeInstanceOf(PlannedTfjsNetwork);
    network.dispose();
  });

  it.each([
    ['has no state', {...smallNetwork(), inputs: ['x']}],
    ['has a layer of another kind', smallNetwork('Mul')],
  ])('is none that %s', (_why, graph) => {
    expect(isPlannable(graph)).toBe(false);
    const network = createTfjsWasmNetwork(graph);
    expect(network).toBeInstanceOf(TfjsNetwork);
    network.dispose();
  });
});
