import type {Tensor} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {elementCount, formatShape, isSameShape} from '../../graph/shape.ts';
import {addWithActivation} from './activation.ts';
import {type OperatorContext, requireInput, requireOptions} from './operator-context.ts';
import {FULLY_CONNECTED, OPTIONS_TYPE} from './schema.ts';
import {readBias, readWeights} from './weights.ts';

/**
 * FULLY_CONNECTED as Gemm. An input of any rank is a matrix of rows as long as the weights' (fully_connected.cc);
 * Reshapes before and after make it one and give the output the rank it declares.
 */
export function convertFullyConnected(context: OperatorContext): void {
  const {builder, output} = context;
  const options = requireOptions(context, OPTIONS_TYPE.fullyConnected);
  const format = options.uint8(FULLY_CONNECTED.weightsFormat);
  if (format !== 0) throw new ModelFormatError(`weights format ${format} of ${context.name}`, 'DEFAULT (0)');
  const weights = readWeights(context, {name: 'gemm', permutation: [0, 1]});
  const [outputs, depth] = weights.shape as [number, number];
  const input = requireInput(context, 0);
  const rows = elementCount(input.shape) / depth;
  checkOutputShape(context, options.bool(FULLY_CONNECTED.keepNumDims), [rows, outputs]);
  const matrix = addReshape(context, input, [rows, depth]);
  const bias = readBias(context);
  const inputs = bias === undefined ? [matrix, weights] : [matrix, weights, bias];
  addWithActivation(builder, options.uint8(FULLY_CONNECTED.activation), output, (result) => {
    if (result.shape.length === 2) return builder.addNode('Gemm', inputs, result, {});
    const product = builder.derive(result, 'matrix', (name) => ({...result, name, shape: [rows, outputs]}));
    builder.addNode('Gemm', inputs, product, {});
    builder.addNode('Reshape', [product], result, {shape: result.shape});
  });
}

/** The input as it is where it has the shape already, else through a Reshape. */
function addReshape({builder}: OperatorContext, input: Tensor, shape: readonly number[]): Tensor {
  if (isSameShape(input.shape, shape)) return input;
  const reshaped = builder.derive(input, shape.join('x'), (name) => ({...input, name, shape}));
  builder.addNode('Reshape', [input], reshaped, {shape});
  return reshaped;
}

function checkOutputShape(context: OperatorContext, keepsRank: boolean, matrix: readonly number[]): void {
  const {shape} = requireInput(context, 0);
  const expected = keepsRank ? [...shape.slice(0, -1), matrix[1] as number] : matrix;
  if (isSameShape(context.output.shape, expected)) return;
  throw new ModelFormatError(
    `shape ${formatShape(context.output.shape)} of ${context.output.name}`,
    `${formatShape(expected)}, which ${context.name} computes`,
  );
}
