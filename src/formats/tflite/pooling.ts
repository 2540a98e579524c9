import {addWithActivation} from './activation.ts';
import {type OperatorContext, requireInput, requireOptions} from './operator-context.ts';
import {explicitPads} from './padding.ts';
import {OPTIONS_TYPE, POOL_2D} from './schema.ts';

/** AVERAGE_POOL_2D; like the graph's, its mean counts the cells inside the input only. */
export function convertAveragePool2d(context: OperatorContext): void {
  addPool(context, 'AveragePool');
}

/** MAX_POOL_2D. */
export function convertMaxPool2d(context: OperatorContext): void {
  addPool(context, 'MaxPool');
}

function addPool(context: OperatorContext, op: 'AveragePool' | 'MaxPool'): void {
  const {builder, output} = context;
  const options = requireOptions(context, OPTIONS_TYPE.pool2d);
  const input = builder.toChannelsFirst(requireInput(context, 0));
  const kernel = [options.int32(POOL_2D.filterHeight), options.int32(POOL_2D.filterWidth)] as const;
  const strides = [options.int32(POOL_2D.strideHeight), options.int32(POOL_2D.strideWidth)] as const;
  const plane = input.shape.slice(2) as [number, number];
  const window = {kernel, strides, dilations: [1, 1] as const};
  const pads = explicitPads(options.uint8(POOL_2D.padding), plane, window);
  addWithActivation(builder, options.uint8(POOL_2D.activation), output, (result) => {
    builder.addChannelsFirstNode(op, [input], result, {kernel, strides, pads});
  });
}
