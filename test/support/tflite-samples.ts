import {
  addOptions,
  concatenationOptions,
  conv2dOptions,
  depthwiseOptions,
  fullyConnectedOptions,
  poolOptions,
  reducerOptions,
  softmaxOptions,
  type TensorSpec,
  writeTflite,
} from './tflite-writer.ts';

const ramp = (count: number, scale = 1): number[] =>
  Array.from({length: count}, (_, index) => scale * (((index * 37) % 255) - 127));

const activation = (name: string, shape: readonly number[], scale = 0.05): TensorSpec => ({
  name,
  shape,
  type: 'int8',
  scale: [scale],
  zeroPoint: [-128],
});

const int8Weights = (name: string, shape: readonly number[], axis: number): TensorSpec => ({
  name,
  shape,
  type: 'int8',
  data: ramp(shape.reduce((count, size) => count * size, 1)),
  scale: Array.from({length: shape[axis] ?? 1}, (_, channel) => 0.01 * (channel + 1)),
  axis,
});

/** A small int8 keyword network: reshape, conv, depthwise, pool, fully connected, softmax. */
export function sampleInt8Network(): Uint8Array {
  return writeTflite({
    tensors: [
      {name: 'input', shape: [1, 40], type: 'int8', scale: [0.5], zeroPoint: [3]},
      {name: 'shape', shape: [4], type: 'int32', data: [1, 8, 5, 1]},
      {name: 'image', shape: [1, 8, 5, 1], type: 'int8', scale: [0.5], zeroPoint: [3]},
      int8Weights('conv/w', [6, 3, 2, 1], 0),
      {name: 'conv/b', shape: [6], type: 'int32', data: ramp(6)},
      activation('conv', [1, 4, 5, 6]),
      int8Weights('depthwise/w', [1, 3, 3, 12], 3),
      {name: 'depthwise/b', shape: [12], type: 'int32', data: ramp(12)},
      activation('depthwise', [1, 4, 5, 12]),
      activation('pool', [1, 1, 1, 12]),
      int8Weights('dense/w', [4, 12], 0),
      {name: 'dense', shape: [1, 4], type: 'int8', scale: [0.3], zeroPoint: [10]},
      {name: 'output', shape: [1, 4], type: 'int8', scale: [1 / 256], zeroPoint: [-128]},
    ],
    operators: [
      {op: 'RESHAPE', inputs: ['input', 'shape'], outputs: ['image']},
      {
        op: 'CONV_2D',
        inputs: ['image', 'conv/w', 'conv/b'],
        outputs: ['conv'],
        options: conv2dOptions({padding: 'same', strides: [2, 1], activation: 'relu'}),
      },
      {
        op: 'DEPTHWISE_CONV_2D',
        inputs: ['conv', 'depthwise/w', 'depthwise/b'],
        outputs: ['depthwise'],
        options: depthwiseOptions({padding: 'same', multiplier: 2, activation: 'relu6'}),
      },
      {
        op: 'AVERAGE_POOL_2D',
        inputs: ['depthwise'],
        outputs: ['pool'],
        options: poolOptions({kernel: [4, 5]}),
      },
      {
        op: 'FULLY_CONNECTED',
        inputs: ['pool', 'dense/w', ''],
        outputs: ['dense'],
        options: fullyConnectedOptions(),
      },
      {op: 'SOFTMAX', inputs: ['dense'], outputs: ['output'], options: softmaxOptions()},
    ],
    inputs: ['input'],
    outputs: ['output'],
  });
}

/** A small float32 network with a hybrid layer, a branch, paddings and a mean. */
export function sampleFloatNetwork(): Uint8Array {
  return writeTflite({
    tensors: [
      {name: 'input', shape: [1, 6, 6, 2]},
      {name: 'paddings', shape: [4, 2], type: 'int32', data: [0, 0, 1, 0, 0, 1, 0, 0]},
      {name: 'padded', shape: [1, 7, 7, 2]},
      int8Weights('conv/w', [4, 2, 2, 2], 0),
      {name: 'conv', shape: [1, 6, 6, 4]},
      {name: 'offsets', shape: [4], data: ramp(4, 0.1)},
      {name: 'moved', shape: [1, 6, 6, 4]},
      {name: 'both', shape: [1, 6, 6, 8]},
      {name: 'axes', shape: [2], type: 'int32', data: [1, 2]},
      {name: 'output', shape: [1, 8]},
    ],
    operators: [
      {op: 'PAD', inputs: ['input', 'paddings'], outputs: ['padded']},
      {op: 'CONV_2D', inputs: ['padded', 'conv/w', ''], outputs: ['conv'], options: conv2dOptions()},
      {op: 'ADD', inputs: ['conv', 'offsets'], outputs: ['moved'], options: addOptions('relu6')},
      {
        op: 'CONCATENATION',
        inputs: ['conv', 'moved'],
        outputs: ['both'],
        options: concatenationOptions(-1),
      },
      {op: 'MEAN', inputs: ['both', 'axes'], outputs: ['output'], options: reducerOptions(false)},
    ],
    inputs: ['input'],
    outputs: ['output'],
  });
}
