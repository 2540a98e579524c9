import type {StoredWeights} from '../checkpoint-weights.ts';
import type {LoadedConstant} from '../graph-builder.ts';
import {CLASSIFIER, FINAL_NORM} from './weights.ts';

/** What PyTorch's batch normalisation adds to the variance. */
const EPSILON = 1e-5;

/** A batch normalisation as y = scale · x + offset, one of each for each channel, in doubles. */
interface Affine {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

/** Weights of a convolution whose outputs a batch normalisation takes, [outputs, …], and its bias [outputs]. */
export function foldedConvolution(weights: StoredWeights, layer: string, norm: string): FoldedLayer {
  const weight = stored(weights, `${layer}.weight`);
  const outputCount = weight.shape[0] ?? 0;
  return {
    weight: {
      shape: weight.shape,
      load: async () => {
        const {scale} = await affineOf(weights, norm);
        const values = await weight.read();
        const length = values.length / outputCount;
        return values.map((value, index) => value * (scale[Math.floor(index / length)] ?? NaN));
      },
    },
    bias: {
      shape: [outputCount],
      load: async () => {
        const {scale, offset} = await affineOf(weights, norm);
        const bias = await stored(weights, `${layer}.bias`).read();
        return bias.map((value, index) => value * (scale[index] ?? NaN) + (offset[index] ?? NaN));
      },
    },
  };
}

/** A layer whose batch normalisation is part of its weights. */
export interface FoldedLayer {
  readonly weight: LoadedConstant;
  readonly bias: LoadedConstant;
}

/** Weights [labels, hiddenSize] of the classifier whose inputs a batch normalisation gives, and the bias it makes. */
export function foldedClassifier(weights: StoredWeights): FoldedLayer {
  const weight = stored(weights, `${CLASSIFIER}.weight`);
  const [labelCount = 0, hiddenSize = 0] = weight.shape;
  return {
    weight: {
      shape: weight.shape,
      load: async () => {
        const {scale} = await affineOf(weights, FINAL_NORM);
        const values = await weight.read();
        return values.map((value, index) => value * (scale[index % hiddenSize] ?? NaN));
      },
    },
    bias: {
      shape: [labelCount],
      load: async () => {
        const {offset} = await affineOf(weights, FINAL_NORM);
        const values = await weight.read();
        return Float32Array.from({length: labelCount}, (_, label) =>
          offset.reduce((sum, value, unit) => sum + value * (values[label * hiddenSize + unit] ?? NaN), 0),
        );
      },
    },
  };
}

/** PyTorch's gates (reset, update, new) in the order of ONNX (update, reset, new): [3 · hiddenSize, …] → [1, …]. */
export function gatesForOnnx(weights: StoredWeights, name: string): LoadedConstant {
  const tensor = stored(weights, name);
  return {shape: [1, ...tensor.shape], load: async () => swapGates(await tensor.read())};
}

/** Biases of input and recurrence behind one another, [1, 6 · hiddenSize]. */
export function gateBiasForOnnx(weights: StoredWeights, inputs: string, recurrence: string): LoadedConstant {
  const tensors = [stored(weights, inputs), stored(weights, recurrence)];
  const length = tensors.reduce((sum, {shape}) => sum + (shape[0] ?? 0), 0);
  return {
    shape: [1, length],
    load: async () => {
      const values = new Float32Array(length);
      for (const [index, tensor] of tensors.entries()) {
        values.set(swapGates(await tensor.read()), (index * length) / 2);
      }
      return values;
    },
  };
}

function swapGates(values: Float32Array): Float32Array {
  const gate = values.length / 3;
  const swapped = values.slice();
  swapped.copyWithin(0, gate, 2 * gate);
  swapped.set(values.subarray(0, gate), gate);
  return swapped;
}

/** scale = weight / √(variance + ε), offset = bias − mean · scale. */
async function affineOf(weights: StoredWeights, norm: string): Promise<Affine> {
  const read = async (part: string): Promise<Float64Array> =>
    Float64Array.from(await stored(weights, `${norm}.${part}`).read());
  const variance = await read('running_var');
  const scale = (await read('weight')).map(
    (value, index) => value / Math.sqrt((variance[index] ?? NaN) + EPSILON),
  );
  const mean = await read('running_mean');
  const offset = (await read('bias')).map(
    (value, index) => value - (mean[index] ?? NaN) * (scale[index] ?? NaN),
  );
  return {scale, offset};
}

/** A tensor that the check of the checkpoint has found to be there. */
function stored(weights: StoredWeights, name: string) {
  const tensor = weights.get(name);
  if (tensor === undefined) throw new TypeError(`got no "${name}", expected a checkpoint that was checked`);
  return tensor;
}
