import {ModelFormatError} from '../../graph/model-format-error.ts';
import {formatShape} from '../../graph/shape.ts';
import {addWithActivation} from './activation.ts';
import type {FlatTable} from './flat-table.ts';
import {type OperatorContext, requireInput, requireOptions} from './operator-context.ts';
import {explicitPads} from './padding.ts';
import {CONV_2D, DEPTHWISE_CONV_2D, OPTIONS_TYPE} from './schema.ts';
import {readBias, readWeights, type WeightLayout} from './weights.ts';

/** OHWI → OIHW. */
const CONV_LAYOUT: WeightLayout = {name: 'oihw', permutation: [0, 3, 1, 2]};

/** [1, height, width, input channels · multiplier] → [input channels · multiplier, 1, height, width]. */
const DEPTHWISE_LAYOUT: WeightLayout = {name: 'depthwise-oihw', permutation: [3, 0, 1, 2]};

/** CONV_2D as Conv; weights of fewer channels than the input make a grouped convolution, as in TFLite. */
export function convertConv2d(context: OperatorContext): void {
  const options = requireOptions(context, OPTIONS_TYPE.conv2d);
  const weights = readWeights(context, CONV_LAYOUT);
  const channels = inputChannels(context);
  addConvolution(context, weights, {
    options,
    fields: CONV_2D,
    group: channels / (weights.shape[1] as number),
  });
}

/**
 * DEPTHWISE_CONV_2D as Conv with one group per input channel. The depth multiplier is what the weights' shape
 * says; the option of that name is redundant and ignored, as the schema asks.
 */
export function convertDepthwiseConv2d(context: OperatorContext): void {
  const options = requireOptions(context, OPTIONS_TYPE.depthwiseConv2d);
  const weights = readWeights(context, DEPTHWISE_LAYOUT);
  addConvolution(context, weights, {options, fields: DEPTHWISE_CONV_2D, group: inputChannels(context)});
}

interface ConvolutionOptions {
  readonly options: FlatTable;
  readonly fields: typeof CONV_2D | typeof DEPTHWISE_CONV_2D;
  readonly group: number;
}

function addConvolution(
  context: OperatorContext,
  weights: ReturnType<typeof readWeights>,
  {options, fields, group}: ConvolutionOptions,
): void {
  const {builder, output} = context;
  const input = builder.toChannelsFirst(requireInput(context, 0));
  const bias = readBias(context);
  const strides = [options.int32(fields.strideHeight), options.int32(fields.strideWidth)] as const;
  const dilations = [
    options.int32(fields.dilationHeight, 1),
    options.int32(fields.dilationWidth, 1),
  ] as const;
  const kernel = weights.shape.slice(2) as [number, number];
  const plane = input.shape.slice(2) as [number, number];
  const pads = explicitPads(options.uint8(fields.padding), plane, {kernel, strides, dilations});
  const inputs = bias === undefined ? [input, weights] : [input, weights, bias];
  addWithActivation(builder, options.uint8(fields.activation), output, (result) => {
    builder.addChannelsFirstNode('Conv', inputs, result, {strides, pads, dilations, group});
  });
}

function inputChannels(context: OperatorContext): number {
  const {shape, name} = requireInput(context, 0);
  const [, , , channels] = shape;
  if (shape.length === 4 && channels !== undefined) return channels;
  throw new ModelFormatError(
    `shape ${formatShape(shape)} of ${name} at ${context.name}`,
    '4 dimensions, NHWC',
  );
}
