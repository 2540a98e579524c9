import type {OpName} from './graph.ts';

/**
 * Ops of the larger networks, which take utterances of any length: in float32 only, and run by onnxruntime-web only.
 */
export const sequenceOpNames = [
  'MatMul',
  'Gru',
  'LayerNormalization',
  'InstanceNormalization',
  'Gelu',
] as const satisfies readonly OpName[];

/** Name of such an op. */
export type SequenceOpName = (typeof sequenceOpNames)[number];
