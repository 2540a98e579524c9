import type {Tensor, TensorData} from './graph.ts';

/**
 * The real values of a quantised constant, scale[c] · (q − zeroPoint[c]), each product rounded once to float32.
 * @returns a fresh array in the tensor's own order.
 * @throws RangeError where the tensor has no data or no quantisation.
 */
export function dequantiseData(tensor: Tensor): Float32Array {
  const {data, quantisation, shape, name} = tensor;
  if (data === undefined || quantisation === undefined) {
    throw new RangeError(`got ${name}, expected a constant with quantisation`);
  }
  const {scale, zeroPoint, axis} = quantisation;
  const result = new Float32Array(data.length);
  const channelCount = scale.length;
  // values of one channel lie in runs of this length; runs of all channels repeat
  const runLength = channelCount === 1 ? data.length : shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  dequantiseRuns(data, {scale, zeroPoint, runLength}, result);
  return result;
}

/** A float32 constant of the same name and shape with the real values of `tensor`. */
export function dequantiseConstant(tensor: Tensor): Tensor & {data: TensorData} {
  return {name: tensor.name, type: 'float32', shape: tensor.shape, data: dequantiseData(tensor)};
}

interface Runs {
  readonly scale: Float32Array;
  readonly zeroPoint: Int32Array;
  readonly runLength: number;
}

function dequantiseRuns(data: TensorData, {scale, zeroPoint, runLength}: Runs, out: Float32Array): void {
  const channelCount = scale.length;
  let position = 0;
  for (let run = 0; position < data.length; run++) {
    const channel = run % channelCount;
    const channelScale = scale[channel] as number;
    const channelZero = zeroPoint[channel] as number;
    const end = position + runLength;
    for (; position < end; position++) {
      out[position] = channelScale * ((data[position] as number) - channelZero);
    }
  }
}
