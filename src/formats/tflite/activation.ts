import type {Tensor} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {isClampIdle} from '../../graph/quantisation.ts';
import type {GraphBuilder} from './graph-builder.ts';
import {ACTIVATION_NAMES} from './schema.ts';

/** The real values an activation lets through, [min, max]. */
const CLAMPS: Readonly<Record<string, readonly [number, number]>> = {
  RELU: [0, Number.POSITIVE_INFINITY],
  RELU_N1_TO_1: [-1, 1],
  RELU6: [0, 6],
};

/**
 * Ends an operator that has a fused activation: `write` adds the operator's own node, the activation follows as a
 * node of its own. The tensor between them carries the quantisation of the output, and there is none where the
 * clamp cannot change an int8 value: the output's range saturates at the same places.
 * @param number the activation's number in the schema.
 * @throws ModelFormatError for an activation that is no clamp (TANH, SIGN_BIT).
 */
export function addWithActivation(
  builder: GraphBuilder,
  number: number,
  output: Tensor,
  write: (result: Tensor) => void,
): void {
  const name = ACTIVATION_NAMES[number] ?? `activation ${number}`;
  if (name === 'NONE') return write(output);
  const clamp = CLAMPS[name];
  if (clamp === undefined) {
    throw new ModelFormatError(`fused activation ${name}`, `NONE, ${Object.keys(CLAMPS).join(', ')}`);
  }
  if (output.quantisation !== undefined && isClampIdle(output.type, output.quantisation, clamp)) {
    return write(output);
  }
  const linear = builder.derive(output, 'linear', (linearName) => ({...output, name: linearName}));
  write(linear);
  addClamp(builder, name, linear, output);
}

/** Adds the node of an activation known by its schema name: RELU, RELU_N1_TO_1 or RELU6. */
export function addClamp(builder: GraphBuilder, name: string, input: Tensor, output: Tensor): void {
  const [min, max] = CLAMPS[name] as readonly [number, number];
  if (name === 'RELU') builder.addNode('Relu', [input], output, {});
  else builder.addNode('Clip', [input], output, {min, max});
}
