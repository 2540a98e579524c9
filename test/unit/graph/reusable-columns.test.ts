import {describe, expect, test} from 'vitest';
import {findReusableInPhases} from '../../../bench/reusable-in-phases.ts';
import type {Graph, Pads} from '../../../src/graph/graph.ts';
import {findReusableColumns, reusableShare, type LayerReuse} from '../../../src/graph/reusable-columns.ts';
import {validateGraph} from '../../../src/graph/validate-graph.ts';
import {constant, graphOf, node, type TensorSpec} from '../../support/graph-builder.ts';
import {seededRandom} from '../../support/prng.ts';
import {evaluateReference} from '../../support/reference-evaluator.ts';

const FRAMES = 20;
const WIDTH = 2;
const SEED = 7;
const random = seededRandom(SEED);

interface Layer {
  readonly kernel: number;
  readonly stride: number;
  readonly pads: readonly [before: number, after: number];
}

/** Convolutions over time one after the other, each with two channels, then a mean over time. */
function chainOf(layers: readonly Layer[]): Graph {
  const tensors: Record<string, TensorSpec> = {
    x: {shape: [1, FRAMES * WIDTH]},
    l0: {shape: [1, 1, FRAMES, WIDTH]},
  };
  const nodes = [node('Reshape', ['x'], 'l0', {shape: [1, 1, FRAMES, WIDTH]})];
  let [channels, columns] = [1, FRAMES];
  layers.forEach(({kernel, stride, pads: [before, after]}, index) => {
    const [from, to, weight] = [`l${index}`, `l${index + 1}`, `w${index}`];
    const data = Float32Array.from({length: 2 * channels * kernel}, () => random.gaussian());
    tensors[weight] = constant([2, channels, kernel, 1], data);
    columns = Math.floor((columns + before + after - kernel) / stride) + 1;
    channels = 2;
    tensors[to] = {shape: [1, channels, columns, WIDTH]};
    const pads: Pads = [before, 0, after, 0];
    const attributes = {strides: [stride, 1], pads, dilations: [1, 1], group: 1} as const;
    nodes.push(node('Conv', [from, weight], to, attributes));
  });
  tensors['y'] = {shape: [1, channels, 1, WIDTH]};
  const pool = {kernel: [columns, 1], strides: [1, 1], pads: [0, 0, 0, 0]} as const;
  nodes.push(node('AveragePool', [`l${layers.length}`], 'y', pool));
  const graph = graphOf(tensors, nodes);
  validateGraph(graph);
  return graph;
}

/** Columns of a node's output that hold the same bits in both windows; compares the newer's c to the earlier's c + step. */
function equalColumns(graph: Graph, {node: {outputs}, time}: LayerReuse, shift: number): readonly number[] {
  const {outerCount, columnCount, framesPerColumn} = time!;
  const frames = random.samples((FRAMES + shift) * WIDTH);
  const only = {...graph, outputs};
  const earlier = evaluateReference(only, frames.subarray(0, FRAMES * WIDTH));
  const newer = evaluateReference(only, frames.subarray(shift * WIDTH));
  const rest = earlier.length / outerCount / columnCount;
  const column = (values: Float64Array, index: number): string =>
    Array.from({length: outerCount * rest}, (_, place) => {
      const outer = Math.floor(place / rest);
      return values[(outer * columnCount + index) * rest + (place % rest)];
    }).join();
  const step = shift / framesPerColumn;
  if (!Number.isInteger(step)) return [];
  return Array.from({length: columnCount}, (_, index) => index).filter(
    (index) => index + step < columnCount && column(newer, index) === column(earlier, index + step),
  );
}

function indicesOf({first, end}: {first: number; end: number}): readonly number[] {
  return Array.from({length: end - first}, (_, index) => first + index);
}

describe('reusable columns', () => {
  const same: Layer = {kernel: 3, stride: 1, pads: [1, 1]};
  const halving: Layer = {kernel: 3, stride: 2, pads: [1, 1]};
  const valid: Layer = {kernel: 4, stride: 1, pads: [0, 0]};
  const lopsided: Layer = {kernel: 4, stride: 2, pads: [1, 2]};

  test.each([
    ['same padding', [same, same]],
    ['strides of 2 and 4', [halving, same, halving]],
    ['no padding', [valid, valid]],
    ['more padding after than before', [lopsided, same]],
  ])('are exactly those that hold the same bits in both windows: %s', (_, layers) => {
    const graph = chainOf(layers);
    for (const shift of [1, 2, 3, 4, 8, FRAMES]) {
      const found = findReusableColumns(graph, {frameCount: FRAMES, shift});
      for (const layer of found.slice(0, -1)) {
        const place = `seed ${SEED}, shift ${shift}, ${layer.node.outputs.join()}`;
        expect(indicesOf(layer.time!.reusable), place).toEqual(equalColumns(graph, layer, shift));
      }
      expect(found.at(-1)?.time).toBeUndefined();
    }
  });

  test('are the frames that both windows have, less what padding reaches', () => {
    const [frames, first, second] = findReusableColumns(chainOf([same, halving]), {
      frameCount: FRAMES,
      shift: 4,
    });
    expect(frames?.time?.reusable).toEqual({first: 0, end: 16});
    expect(first?.time?.reusable).toEqual({first: 1, end: 15});
    expect(second?.time?.reusable).toEqual({first: 1, end: 7});
  });

  test('are none where the shift is no whole number of columns, but those of an earlier phase', () => {
    const graph = chainOf([same, halving]);
    const question = {frameCount: FRAMES, shift: 5};
    const [, , plain] = findReusableColumns(graph, question);
    const [, near, far] = findReusableInPhases(graph, question);
    expect(plain?.time?.reusable).toEqual({first: 0, end: 0});
    expect(near?.time?.reusable).toEqual({first: 1, end: 14});
    expect(far).toEqual(findReusableColumns(graph, {frameCount: FRAMES, shift: 10})[2]);
  });

  test('reach to the start where what padding touches is kept', () => {
    const graph = chainOf([same, same]);
    const last = findReusableColumns(graph, {frameCount: FRAMES, shift: 4, start: 'kept'})[2];
    expect(last?.time?.reusable).toEqual({first: 0, end: 14});
  });

  test('are those of both where two are added, and end where a constant changes with time', () => {
    const [shape, plane] = [
      [1, 1, FRAMES, 1],
      [1, 1, 3, 3],
    ];
    const attributes = {strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1} as const;
    const graph = graphOf(
      {
        x: {shape},
        w: constant(plane, new Float32Array(9)),
        same: constant([1], Float32Array.of(1)),
        ramp: constant([FRAMES, 1], new Float32Array(FRAMES)),
        ...{c: {shape}, sum: {shape}, more: {shape}, y: {shape}},
      },
      [
        node('Conv', ['x', 'w'], 'c', attributes),
        node('Add', ['x', 'c'], 'sum', {}),
        node('Add', ['sum', 'same'], 'more', {}),
        node('Mul', ['more', 'ramp'], 'y', {}),
      ],
    );
    const [, sum, more, ramp] = findReusableColumns(graph, {frameCount: FRAMES, shift: 2});
    expect(sum?.time?.reusable).toEqual({first: 1, end: 17});
    expect(more?.time?.reusable).toEqual({first: 1, end: 17});
    expect(ramp?.time).toBeUndefined();
  });

  test('are weighed by multiply-adds', () => {
    const layers = findReusableColumns(chainOf([same, same]), {frameCount: FRAMES, shift: 2});
    expect(layers.map(({multiplyAdds}) => multiplyAdds)).toEqual([0, 240, 480, 0]);
    expect(reusableShare(layers)).toBeCloseTo((240 * (16 / 20) + 480 * (14 / 20)) / 720, 12);
  });

  test.each([0, -1, 1.5, NaN])('refuse a shift of %s frames', (shift) => {
    expect(() => findReusableColumns(chainOf([same]), {frameCount: FRAMES, shift})).toThrow(RangeError);
  });

  test('refuse an input that is not whole frames', () => {
    expect(() => findReusableColumns(chainOf([same]), {frameCount: 19, shift: 1})).toThrow(
      'got an input of [1, 40], expected 19 whole frames',
    );
  });
});
