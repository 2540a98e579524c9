import {describe, expect, it} from 'vitest';
import {readTflite} from '../../../../src/formats/tflite/read-tflite.ts';
import type {Node} from '../../../../src/graph/graph.ts';
import {maxAbsDifference} from '../../../support/arrays.ts';
import {convolveDepthwiseNhwc, convolveNhwc, type NhwcWindow} from '../../../support/nhwc-reference.ts';
import {seededRandom} from '../../../support/prng.ts';
import {evaluateReference} from '../../../support/reference-evaluator.ts';
import {
  conv2dOptions,
  depthwiseOptions,
  type FileSpec,
  type TensorSpec,
  writeTflite,
} from '../../../support/tflite-writer.ts';

const TOLERANCE = 1e-5; // float32 weights of size 1, a few dozen products
const random = seededRandom(31);
const numbers = (count: number): number[] => Array.from(random.samples(count));

type ConvNode = Node & {op: 'Conv'};
const convOf = (bytes: Uint8Array): ConvNode => {
  const node = readTflite(bytes).nodes.find((candidate): candidate is ConvNode => candidate.op === 'Conv');
  if (node === undefined) throw new Error('the graph has no Conv');
  return node;
};

/** Size of the output along one axis. */
const places = (
  size: number,
  kernel: number,
  axis: 0 | 1,
  {padding, strides, dilations}: NhwcWindow,
): number =>
  padding === 'same'
    ? Math.ceil(size / strides[axis])
    : Math.ceil((size - (kernel - 1) * (dilations?.[axis] ?? 1)) / strides[axis]);

const WINDOWS: readonly (NhwcWindow & {title: string})[] = [
  {title: 'VALID', padding: 'valid', strides: [1, 1]},
  {title: 'VALID with strides that leave cells over', padding: 'valid', strides: [2, 3]},
  {title: 'SAME', padding: 'same', strides: [1, 1]},
  {title: 'SAME with strides, more padding behind than before', padding: 'same', strides: [2, 2]},
  {title: 'SAME with dilation', padding: 'same', strides: [1, 1], dilations: [2, 3]},
  {title: 'VALID with dilation', padding: 'valid', strides: [1, 2], dilations: [3, 1]},
];

const [HEIGHT, WIDTH, CHANNELS, OUTPUTS] = [8, 7, 3, 4];
const KERNEL = [3, 2] as const;

function convFile(window: NhwcWindow, weights: TensorSpec, bias: TensorSpec, group = 1): FileSpec {
  const shape = [1, places(HEIGHT, KERNEL[0], 0, window), places(WIDTH, KERNEL[1], 1, window), OUTPUTS];
  return {
    tensors: [{name: 'x', shape: [1, HEIGHT, WIDTH, CHANNELS * group]}, weights, bias, {name: 'y', shape}],
    operators: [
      {op: 'CONV_2D', inputs: ['x', weights.name, bias.name], outputs: ['y'], options: conv2dOptions(window)},
    ],
    inputs: ['x'],
    outputs: ['y'],
  };
}

describe('CONV_2D', () => {
  it.each(WINDOWS)('$title gives what channels-last loops give', (window) => {
    const weights = {name: 'w', shape: [OUTPUTS, ...KERNEL, CHANNELS], data: numbers(OUTPUTS * 6 * CHANNELS)};
    const bias = {name: 'b', shape: [OUTPUTS], data: numbers(OUTPUTS)};
    const x = numbers(HEIGHT * WIDTH * CHANNELS);
    const graph = readTflite(writeTflite(convFile(window, weights, bias)));
    expect(
      maxAbsDifference(
        evaluateReference(graph, x),
        convolveNhwc(
          {height: HEIGHT, width: WIDTH, channels: CHANNELS, data: x},
          {kernel: KERNEL, outputs: OUTPUTS, data: weights.data},
          bias.data,
          window,
        ),
      ),
    ).toBeLessThan(TOLERANCE);
  });

  it('puts the odd cell of SAME padding behind, at the bottom and on the right', () => {
    const weights = {name: 'w', shape: [OUTPUTS, ...KERNEL, CHANNELS], data: numbers(OUTPUTS * 6 * CHANNELS)};
    const bias = {name: 'b', shape: [OUTPUTS], data: numbers(OUTPUTS)};
    const {attributes} = convOf(writeTflite(convFile({padding: 'same', strides: [2, 2]}, weights, bias)));
    // height 8, stride 2, kernel 3: one cell in all; width 7, stride 2, kernel 2: one cell in all
    expect(attributes).toEqual({strides: [2, 2], pads: [0, 0, 1, 1], dilations: [1, 1], group: 1});
  });

  it('becomes a grouped convolution where the weights have fewer channels than the input', () => {
    const weights = {name: 'w', shape: [OUTPUTS, ...KERNEL, CHANNELS], data: numbers(OUTPUTS * 6 * CHANNELS)};
    const bias = {name: 'b', shape: [OUTPUTS], data: numbers(OUTPUTS)};
    const spec = convFile({padding: 'valid', strides: [1, 1]}, weights, bias, 2);
    expect(convOf(writeTflite(spec)).attributes.group).toBe(2);
  });

  it('keeps per-channel int8 weights with their scales along dimension 0 of OIHW', () => {
    const data = Array.from({length: OUTPUTS * 6 * CHANNELS}, () => random.integer(-127, 127));
    const scale = [0.5, 0.25, 0.125, 2];
    const spec = convFile(
      {padding: 'valid', strides: [1, 1]},
      {name: 'w', shape: [OUTPUTS, ...KERNEL, CHANNELS], type: 'int8', data, scale, axis: 0},
      {name: 'b', shape: [OUTPUTS], type: 'int32', data: [1, -2, 3, 70_000]},
    );
    const quantised = {type: 'int8', scale: [0.1], zeroPoint: [5]} as const;
    const tensors = spec.tensors.map((tensor) =>
      /[xy]/.test(tensor.name) ? {...tensor, ...quantised} : tensor,
    );
    const bytes = writeTflite({...spec, tensors});
    const graph = readTflite(bytes);
    const [x, w, b] = convOf(bytes).inputs.map((name) => graph.tensors.get(name));
    expect(x).toMatchObject({type: 'int8', shape: [1, CHANNELS, HEIGHT, WIDTH]});
    expect(x?.quantisation).toEqual({
      scale: Float32Array.of(0.1),
      zeroPoint: Int32Array.of(5),
      axis: 0,
    });
    expect(w).toMatchObject({type: 'int8', shape: [OUTPUTS, CHANNELS, ...KERNEL]});
    expect(w?.quantisation).toEqual({
      scale: Float32Array.from(scale),
      zeroPoint: new Int32Array(4),
      axis: 0,
    });
    // element [output 1, channel 2, row 2, column 0] of OIHW is [1, 2, 0, 2] of OHWI
    expect(w?.data?.[((1 * 3 + 2) * 3 + 2) * 2]).toBe(data[((1 * 3 + 2) * 2 + 0) * 3 + 2]);
    expect(b?.data).toEqual(Int32Array.of(1, -2, 3, 70_000));
  });

  it('dequantises int8 weights under float32 activations, channel by channel', () => {
    const data = Array.from({length: OUTPUTS * 6 * CHANNELS}, () => random.integer(-127, 127));
    const scale = [0.5, 0.25, 0.125, 2];
    const window = {padding: 'valid', strides: [1, 1]} as const;
    const bias = {name: 'b', shape: [OUTPUTS], data: numbers(OUTPUTS)};
    const weights = {
      name: 'w',
      shape: [OUTPUTS, ...KERNEL, CHANNELS],
      type: 'int8',
      data,
      scale,
      axis: 0,
    } as const;
    const x = numbers(HEIGHT * WIDTH * CHANNELS);
    const graph = readTflite(writeTflite(convFile(window, weights, bias)));
    expect([...graph.tensors.values()].every(({type}) => type === 'float32')).toBe(true);
    const perOutput = data.length / OUTPUTS;
    const real = data.map((value, index) => value * (scale[Math.floor(index / perOutput)] ?? NaN));
    expect(
      maxAbsDifference(
        evaluateReference(graph, x),
        convolveNhwc(
          {height: HEIGHT, width: WIDTH, channels: CHANNELS, data: x},
          {kernel: KERNEL, outputs: OUTPUTS, data: real},
          bias.data,
          window,
        ),
      ),
    ).toBeLessThan(TOLERANCE);
  });
});

describe('DEPTHWISE_CONV_2D', () => {
  it.each(WINDOWS.flatMap((window) => [1, 2].map((multiplier) => ({...window, multiplier}))))(
    '$title with multiplier $multiplier gives what channels-last loops give',
    ({multiplier, ...window}) => {
      const weights = {
        name: 'w',
        shape: [1, ...KERNEL, CHANNELS * multiplier],
        data: numbers(6 * CHANNELS * multiplier),
      };
      const rows = places(HEIGHT, KERNEL[0], 0, window);
      const columns = places(WIDTH, KERNEL[1], 1, window);
      const graph = readTflite(
        writeTflite({
          tensors: [
            {name: 'x', shape: [1, HEIGHT, WIDTH, CHANNELS]},
            weights,
            {name: 'y', shape: [1, rows, columns, CHANNELS * multiplier]},
          ],
          operators: [
            {
              op: 'DEPTHWISE_CONV_2D',
              inputs: ['x', 'w'],
              outputs: ['y'],
              options: depthwiseOptions({...window, multiplier}),
            },
          ],
          inputs: ['x'],
          outputs: ['y'],
        }),
      );
      const x = numbers(HEIGHT * WIDTH * CHANNELS);
      expect(
        maxAbsDifference(
          evaluateReference(graph, x),
          convolveDepthwiseNhwc(
            {height: HEIGHT, width: WIDTH, channels: CHANNELS, data: x},
            {kernel: KERNEL, multiplier, data: weights.data},
            window,
          ),
        ),
      ).toBeLessThan(TOLERANCE);
    },
  );

  it('moves the scales of per-channel weights from dimension 3 to dimension 0', () => {
    const graph = readTflite(
      writeTflite({
        tensors: [
          {name: 'x', shape: [1, 3, 3, 2], type: 'int8', scale: [1]},
          {name: 'w', shape: [1, 1, 1, 2], type: 'int8', data: [3, 4], scale: [0.5, 0.25], axis: 3},
          {name: 'y', shape: [1, 3, 3, 2], type: 'int8', scale: [1]},
        ],
        operators: [
          {op: 'DEPTHWISE_CONV_2D', inputs: ['x', 'w'], outputs: ['y'], options: depthwiseOptions()},
        ],
        inputs: ['x'],
        outputs: ['y'],
      }),
    );
    const weights = [...graph.tensors.values()].find(({data}) => data !== undefined);
    expect(weights?.shape).toEqual([2, 1, 1, 1]);
    expect(weights?.quantisation?.axis).toBe(0);
    expect(weights?.quantisation?.scale).toEqual(Float32Array.of(0.5, 0.25));
  });
});
