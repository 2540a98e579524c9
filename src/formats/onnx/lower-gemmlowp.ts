import type {OpName} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {multiplyByFixedPoint} from './fixed-point.ts';
import {cast, storeAsUint8} from './integer-steps.ts';
import type {Activation, Lowering, LowerTable} from './lowering.ts';
import {convolutionAttributes, outputName} from './lower-plain.ts';
import {quantisedLowerings} from './lower-quantised.ts';

/**
 * How each op is said where its output must have gemmlowp's rounding: that of TFLite's reference kernels, of TFLite
 * Micro, and of the vectors that Arm publishes with its models. Layers are summed in int32 and scaled in fixed
 * point, in int64, which takes several times as long as onnxruntime's own layers: this is for checking.
 */
export const gemmlowpLowerings: LowerTable = {
  ...quantisedLowerings,
  Conv(node, lowering) {
    const [x, y] = [lowering.activation(node.inputs[0]), lowering.activation(outputName(node))];
    const {builder} = lowering;
    const zeroPoint = builder.scalar('uint8', x.zeroPoint);
    const sums = builder.add('ConvInteger', [x.name, lowering.plain(node.inputs[1]), zeroPoint], {
      attributes: convolutionAttributes(node.attributes),
    });
    finishLayer(node.inputs, {sums, x, y, channelShape: [-1, 1, 1]}, lowering);
  },
  Gemm(node, lowering) {
    const [x, y] = [lowering.activation(node.inputs[0]), lowering.activation(outputName(node))];
    const {builder} = lowering;
    const weights = builder.add('Transpose', [lowering.plain(node.inputs[1])]);
    const sums = builder.add('MatMulInteger', [x.name, weights, builder.scalar('uint8', x.zeroPoint)]);
    finishLayer(node.inputs, {sums, x, y, channelShape: [-1]}, lowering);
  },
  QuantizeLinear(node, lowering) {
    if (lowering.tensor(node.inputs[0]).type !== 'float32') refuse(node);
    quantisedLowerings.QuantizeLinear(node, lowering);
  },
  ReduceMean: refuse,
  Sigmoid: refuse,
  LeakyRelu: refuse,
  Add: refuse,
  Mul: refuse,
};

interface Layer {
  readonly sums: string; // int32, without bias
  readonly x: Activation;
  readonly y: Activation;
  readonly channelShape: readonly number[]; // of one number per output channel
}

// adds the bias, then scales each channel's sums to the scale of the output
function finishLayer(
  [, weightsName, biasName]: readonly string[],
  {sums, x, y, channelShape}: Layer,
  lowering: Lowering,
): void {
  const {builder} = lowering;
  const scales = lowering.tensor(weightsName).quantisation?.scale ?? [];
  const ratios = Array.from(scales, (scale) => (x.scale * scale) / y.scale);
  const biased = biasName === undefined ? sums : builder.add('Add', [sums, alongChannels(biasName)]);
  const scaled = multiplyByFixedPoint(cast(biased, 'int64', lowering), ratios, channelShape, lowering);
  storeAsUint8(scaled, 'int64', y, lowering);

  function alongChannels(name: string): string {
    return builder.add('Reshape', [lowering.plain(name), builder.int64List(channelShape)]);
  }
}

function refuse({op}: {readonly op: OpName}): never {
  throw new ModelFormatError(`quantised ${op} with gemmlowp's rounding`, "XNNPACK's rounding for it");
}
