import type {LoadedSystem} from '../index.ts';
import {formatCount} from './format.ts';

const ENGINES = {
  integer: 'Earshot’s own',
  onnx: 'ONNX Runtime',
  'onnx-webgpu': 'ONNX Runtime, WebGPU',
  tfjs: 'TensorFlow.js',
  'tfjs-webgpu': 'TensorFlow.js, WebGPU',
} as const;

/** What is told of any loaded network. */
export type LoadedNetworkInfo = Pick<
  LoadedSystem,
  'engine' | 'fallbackReason' | 'numerics' | 'threadCount' | 'weights' | 'chosenBecause' | 'incremental'
>;

/** What runs, in terms and words. */
export function loadedTerms({
  engine,
  fallbackReason,
  numerics,
  threadCount,
  weights,
  chosenBecause,
  incremental,
}: LoadedNetworkInfo): Readonly<Record<string, string>> {
  const {what, verified, sha256} = weights;
  return {
    Weights: verified ? what : `UNVERIFIED: ${what}`,
    'SHA-256': sha256,
    Engine: ENGINES[engine],
    ...(fallbackReason !== undefined && {'Engine changed': fallbackReason}),
    Numerics: numerics,
    Threads: formatCount(threadCount),
    Why: chosenBecause.text,
    ...(incremental && {Incremental: incremental.text}),
  };
}
