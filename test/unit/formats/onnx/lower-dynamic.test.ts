import {describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../../../src/cli/node-engine-assets.ts';
import {startOnnxRuntime} from '../../../../src/engine/onnx-runtime.ts';
import {OnnxSession} from '../../../../src/engine/onnx-session.ts';
import {encodeOnnx} from '../../../../src/formats/onnx/encode-onnx.ts';
import {createDynamicLowerings} from '../../../../src/formats/onnx/lower-dynamic.ts';
import {quantisedLowerings} from '../../../../src/formats/onnx/lower-quantised.ts';
import type {DeferredOnnxGraph} from '../../../../src/formats/onnx/onnx-graph.ts';
import {quantiseWeights} from '../../../../src/formats/onnx/quantise-weights.ts';
import {lowerGraph} from '../../../../src/formats/onnx/write-onnx.ts';
import type {Graph, Tensor} from '../../../../src/graph/graph.ts';
import {loadConstants} from '../../../../src/graph/load-constants.ts';
import {ANY_LENGTH} from '../../../../src/graph/shape.ts';
import {constant, graphOf, node, type TensorSpec} from '../../../support/graph-builder.ts';
import {seededRandom} from '../../../support/prng.ts';
import {evaluateOutputs, evaluateReference} from '../../../support/reference-evaluator.ts';
import {recurrentNetwork} from '../../../support/sequence-op-cases.ts';

// float32 sums of some dozens of products of numbers below 2 in magnitude
const TOLERANCE = 1e-5;

const any = ANY_LENGTH;
const random = seededRandom(41);
const conv = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;

function weights(...shape: number[]): TensorSpec {
  return constant(shape, random.samples(shape.reduce((product, length) => product * length, 1)));
}

const lower = (graph: Graph): DeferredOnnxGraph =>
  lowerGraph(graph, quantisedLowerings, createDynamicLowerings());

const opsOf = (graph: Graph): readonly string[] => lower(graph).nodes.map(({op}) => op);

async function open(graph: Graph): Promise<OnnxSession> {
  const runtime = await startOnnxRuntime('onnx', {assets: nodeEngineAssets()});
  return await OnnxSession.open(runtime, graph, encodeOnnx(lower(graph)), {provider: 'wasm'});
}

async function run(graph: Graph, input: Float32Array): Promise<Float32Array> {
  const session = await open(graph);
  const [output] = await session.run([input]);
  session.release();
  return output as Float32Array;
}

/** What DynamicQuantizeLinear leaves of values: ONNX's definition, turned back into reals. */
function roundActivations(values: Float32Array): Float32Array {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = Math.fround((high - low) / 255);
  const zeroPoint = Math.round(-low / scale);
  return values.map((value) => {
    const stored = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint));
    return (stored - zeroPoint) * scale;
  });
}

/** The weights as their 8-bit values mean them, quantised along their rows, or their columns for MatMul. */
function roundWeights(graph: Graph): Graph {
  const w = graph.tensors.get('w')!;
  const data = w.data as Float32Array;
  const isColumns = graph.nodes[0]!.op === 'MatMul';
  const channelCount = isColumns ? w.shape.at(-1)! : w.shape[0]!;
  const length = data.length / channelCount;
  const layout = isColumns ? {channelStep: 1, step: channelCount} : {channelStep: length, step: 1};
  const {values, scale} = quantiseWeights(data, {channelCount, ...layout});
  const channelOf = (index: number): number =>
    isColumns ? index % channelCount : Math.floor(index / length);
  const rounded: Tensor = {...w, data: data.map((_, index) => values[index]! * scale[channelOf(index)]!)};
  return {...graph, tensors: new Map([...graph.tensors, ['w', rounded]])};
}

const cases = [
  {
    title: 'MatMul',
    x: [7, 6],
    graph: graphOf({x: {shape: [1, any, 6]}, w: weights(6, 5), y: {shape: [1, any, 5]}}, [
      node('MatMul', ['x', 'w'], 'y', {}),
    ]),
  },
  {
    title: 'Gemm with bias',
    x: [3, 9],
    graph: graphOf({x: {shape: [any, 9]}, w: weights(4, 9), b: weights(4), y: {shape: [any, 4]}}, [
      node('Gemm', ['x', 'w', 'b'], 'y', {}),
    ]),
  },
  {
    title: 'grouped Conv with bias, strides and pads',
    x: [4, 11],
    graph: graphOf(
      {x: {shape: [1, 4, 1, any]}, w: weights(6, 2, 1, 3), b: weights(6), y: {shape: [1, 6, 1, any]}},
      [node('Conv', ['x', 'w', 'b'], 'y', {...conv, strides: [1, 2], pads: [0, 2, 0, 1], group: 2})],
    ),
  },
  {
    title: 'Conv without bias',
    x: [3, 20],
    graph: graphOf({x: {shape: [1, 3, 4, any]}, w: weights(2, 3, 2, 2), y: {shape: [1, 2, 3, any]}}, [
      node('Conv', ['x', 'w'], 'y', conv),
    ]),
  },
];

describe('a layer with 8-bit weights', () => {
  it.each(cases)('is $title of what the roundings leave', async ({graph, x: [rows = 0, columns = 0]}) => {
    const input = random.samples(rows * columns, 2);
    const output = await run(graph, input);
    const expected = evaluateReference(roundWeights(graph), roundActivations(input));
    expect(output).toHaveLength(expected.length);
    const worst = Math.max(...expected.map((value, index) => Math.abs(value - output[index]!)));
    expect(worst, `seed ${random.seed}`).toBeLessThan(TOLERANCE);
    const plain = evaluateReference(graph, input);
    expect(Array.from(output), 'the roundings show').not.toEqual(Array.from(plain, Math.fround));
  });
});

describe('a short convolution over steps', () => {
  const channels = 3;
  const graph = graphOf(
    {
      x: {shape: [1, channels, 1, any]},
      w: weights(4, channels, 1, 3),
      b: weights(4),
      y: {shape: [1, 4, 1, any]},
    },
    [node('Conv', ['x', 'w', 'b'], 'y', {...conv, strides: [1, 2]})],
  );
  const loudestOf = (input: Float32Array, step: number): number => {
    const steps = input.length / channels;
    return Math.max(...input.filter((_, index) => index % steps === step).map(Math.abs));
  };

  it.each([11, 12])('of %i is what the roundings of each step leave', async (steps) => {
    const input = random.samples(channels * steps, 2);
    const ofStep = (index: number): number => loudestOf(input, index % steps);
    const scaled = input.map((value, index) => value / ofStep(index));
    const rounded = roundActivations(scaled).map((value, index) => value * ofStep(index));
    const output = await run(graph, input);
    const expected = evaluateReference(roundWeights(graph), rounded);
    expect(output).toHaveLength(expected.length);
    const worst = Math.max(...expected.map((value, index) => Math.abs(value - output[index]!)));
    expect(worst, `seed ${random.seed}`).toBeLessThan(TOLERANCE);
  });

  it('keeps steps that are a thousand times quieter than others, and silent ones', async () => {
    const steps = 13;
    const unbiased = graphOf(Object.fromEntries(graph.tensors), [
      node('Conv', ['x', 'w'], 'y', {...conv, strides: [1, 2]}),
    ]);
    const input = random.samples(channels * steps, 2).map((value, index) => {
      const step = index % steps;
      return step < 6 ? value : step < 10 ? value / 1000 : 0;
    });
    const output = await run(unbiased, input);
    const expected = evaluateReference(unbiased, input);
    const outputSteps = 6;
    const quiet = Array.from(output, (__, index) => index).filter((index) => index % outputSteps === 3);
    const largest = Math.max(...quiet.map((index) => Math.abs(expected[index]!)));
    for (const index of quiet) {
      expect(Math.abs(output[index]! - expected[index]!)).toBeLessThan(0.03 * largest);
    }
    const silent = Array.from(output).filter((__, index) => index % outputSteps === 5);
    expect(silent.every((value) => value === 0)).toBe(true);
  });
});

describe('recurrent layers with 8-bit weights', () => {
  // two layers, each with rounded inputs, states and weights: half a step of 127 on each, and room
  const ROUNDING = 0.03;

  it('stay close to the float32 ones, and hand their states on', async () => {
    const graph = await loadConstants(recurrentNetwork);
    const session = await open(graph);
    const states = [random.samples(5), random.samples(3)];
    for (const length of [9, 4]) {
      const inputs = [random.samples(length * 4, 2), ...states];
      const outputs = await session.run(inputs);
      evaluateOutputs(graph, inputs).forEach((expected, index) => {
        const output = outputs[index]!;
        expect(output).toHaveLength(expected.length);
        const worst = Math.max(...expected.map((value, place) => Math.abs(value - output[place]!)));
        expect(worst, `length ${length}, output ${index}, seed ${random.seed}`).toBeLessThan(ROUNDING);
        expect(worst, 'the roundings show').toBeGreaterThan(0);
      });
    }
    session.release();
  });
});

describe('createDynamicLowerings', () => {
  it('quantises an activation once for all layers that read it', () => {
    const tensors = {
      x: {shape: [any, 2]},
      v: weights(3, 2),
      w: weights(3, 2),
      a: {shape: [any, 3]},
      b: {shape: [any, 3]},
    };
    const graph = graphOf({...tensors, y: {shape: [any, 3]}}, [
      node('Gemm', ['x', 'v'], 'a', {}),
      node('Gemm', ['x', 'w'], 'b', {}),
      node('Add', ['a', 'b'], 'y', {}),
    ]);
    const layer = ['MatMulInteger', 'Mul', 'Cast', 'Mul'];
    expect(opsOf(graph)).toEqual(['DynamicQuantizeLinear', ...layer, ...layer, 'Add']);
  });

  it('leaves products of activations and convolutions of the signal in float32', () => {
    const shape = [2, 2];
    const products = graphOf({x: {shape}, a: {shape}, y: {shape}}, [
      node('Relu', ['x'], 'a', {}),
      node('MatMul', ['x', 'a'], 'y', {}),
    ]);
    expect(opsOf(products)).toEqual(['Relu', 'MatMul']);
    const signal = graphOf({x: {shape: [1, 1, 1, any]}, w: weights(2, 1, 1, 3), y: {shape: [1, 2, 1, any]}}, [
      node('Conv', ['x', 'w'], 'y', conv),
    ]);
    expect(opsOf(signal)).toEqual(['Conv']);
  });

  it('makes of weights that are elsewhere what it makes of those at hand', async () => {
    const [{graph: atHand}] = [cases[1]!];
    const {data, ...w} = atHand.tensors.get('w')!;
    const elsewhere: Tensor = {...w, load: () => Promise.resolve(data as Float32Array)};
    const graph = {...atHand, tensors: new Map([...atHand.tensors, ['w', elsewhere]])};
    const [group, ...others] = lower(graph).deferred;
    expect(others).toEqual([]);
    const bytes = await group!.load();
    const {constants} = lower(await loadConstants(graph));
    const expected = new Map(constants.map((one) => [one.name, one]));
    group!.constants.forEach((value, index) => {
      expect({...value, bytes: bytes[index]}).toEqual(expected.get(value.name));
    });
    expect(group!.constants.map(({type, shape}) => [type, shape])).toEqual([
      ['int8', [9, 4]],
      ['float32', [4]],
    ]);
  });
});

describe('quantiseWeights', () => {
  it('gives each channel the scale of its largest weight', () => {
    const rows = {channelCount: 2, channelStep: 3, step: 1};
    const {values, scale} = quantiseWeights(Float32Array.of(1, -2, 0.5, 0, 0, 0), rows);
    expect(Array.from(values)).toEqual([64, -127, 32, 0, 0, 0]);
    expect(Array.from(scale)).toEqual([Math.fround(2 / 127), 1]);
  });

  it('puts them in another order where that is asked for', () => {
    const from = {channelCount: 2, channelStep: 2, step: 1};
    const to = {channelCount: 2, channelStep: 1, step: 2};
    expect(Array.from(quantiseWeights(Float32Array.of(1, 0.25, 4, -1), from, to).values)).toEqual([
      127, 127, 32, -32,
    ]);
  });
});
