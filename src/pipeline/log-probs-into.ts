import {logSoftmaxInto} from '../decode/log-softmax.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import type {TokenSet} from '../systems/card.ts';
import type {TranscriptionSystem} from '../systems/transcription-system.ts';
import {readOutput} from './tensor-values.ts';

/** Least posterior of networks that compute in floating point: below it a logarithm says nothing. */
const POSTERIOR_FLOOR = 1e-8;

/**
 * Writes the log-probabilities that a network's output stands for.
 * @param system whose network it is.
 * @param tokens of the output.
 * @param tensor of the output.
 * @param values [frameCount × tokenCount], row-major, as the network gave them.
 * @param out same shape, overwritten; natural logarithms.
 * Any thread. Allocates nothing.
 * @throws ModelFormatError where there are more or fewer values than `out` takes.
 */
export function logProbsInto(
  {output}: Pick<TranscriptionSystem, 'output'>,
  {labels}: TokenSet,
  tensor: Tensor,
  values: TensorData,
  out: Float32Array,
): void {
  if (values.length !== out.length) {
    throw new ModelFormatError(`${String(values.length)} values of output`, String(out.length));
  }
  readOutput(tensor, values, out);
  if (output === 'logits') {
    logSoftmaxInto(out, labels.length, out);
    return;
  }
  // an integer posterior of 0 may be anything up to half a step
  const [scale = 1] = tensor.quantisation?.scale ?? [];
  logInto(out, values instanceof Int8Array ? scale / 2 : POSTERIOR_FLOOR);
}

/** Replaces each value by its natural logarithm, values below the floor by that of the floor. */
function logInto(values: Float32Array, floor: number): void {
  for (let index = 0; index < values.length; index++) {
    values[index] = Math.log(Math.max(values[index] ?? 0, floor));
  }
}
