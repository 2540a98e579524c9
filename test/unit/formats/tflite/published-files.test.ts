import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {readTflite} from '../../../../src/formats/tflite/read-tflite.ts';
import {dequantiseGraph} from '../../../../src/graph/dequantise-graph.ts';
import type {Graph, Tensor} from '../../../../src/graph/graph.ts';
import {validateGraph} from '../../../../src/graph/validate-graph.ts';
import {hasShared, sharedPath} from '../../../support/shared.ts';

/** What each file is known to hold, from its dump and shared/reference/frontends.md. */
const FILES = {
  'micronet_large_int8.tflite': {
    input: {name: 'input', shape: [1, 49, 10, 1], scale: 0.20109497010707855, zeroPoint: -5},
    output: {name: 'Identity', shape: [1, 12], scale: 0.05110505223274231, zeroPoint: -63},
    ops: {Reshape: 2, Conv: 16, AveragePool: 1},
  },
  'ds_cnn_clustered_int8_rebuilt.tflite': {
    input: {name: 'input', shape: [1, 490], scale: 1.090157389640808, zeroPoint: 99},
    output: {name: 'Identity', shape: [1, 12], scale: 1 / 256, zeroPoint: -128},
    ops: {Reshape: 2, Conv: 11, AveragePool: 1, Gemm: 1, Softmax: 1},
  },
  'ds_cnn_large_int8.tflite': {
    input: {name: 'input', shape: [1, 490], scale: 1.1021944284439087, zeroPoint: 96},
    output: {name: 'Identity', shape: [1, 12], scale: 1 / 256, zeroPoint: -128},
    ops: {Reshape: 2, Conv: 11, AveragePool: 1, Gemm: 1, Softmax: 1},
  },
  'mlperf_tiny_kws_int8.tflite': {
    input: {name: 'input_1', shape: [1, 49, 10, 1], scale: 0.5847029089927673, zeroPoint: 83},
    output: {name: 'Identity', shape: [1, 12], scale: 1 / 256, zeroPoint: -128},
    ops: {Reshape: 2, Conv: 9, AveragePool: 1, Gemm: 1, Softmax: 1},
  },
} as const;

const readBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(sharedPath('models', file)));

function countOps(graph: Graph): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const {op} of graph.nodes) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

function describeEnd(tensor: Tensor | undefined): unknown {
  return {
    name: tensor?.name,
    shape: tensor?.shape,
    scale: tensor?.quantisation?.scale[0],
    zeroPoint: tensor?.quantisation?.zeroPoint[0],
  };
}

describe.skipIf(!hasShared)('published TFLite files (skipped where ../shared is absent)', () => {
  it.each(Object.entries(FILES))('%s keeps its inputs and outputs as published', (file, expected) => {
    const graph = readTflite(readBytes(file));
    expect(graph.inputs.map((name) => describeEnd(graph.tensors.get(name)))).toEqual([expected.input]);
    expect(graph.outputs.map((name) => describeEnd(graph.tensors.get(name)))).toEqual([expected.output]);
  });

  it.each(Object.entries(FILES))('%s becomes a valid graph without a single transpose', (file, expected) => {
    const graph = readTflite(readBytes(file));
    expect(countOps(graph)).toEqual(expected.ops);
    expect(() => validateGraph(graph)).not.toThrow();
  });

  it.each(Object.entries(FILES))('%s has a valid float32 twin with the same ends', (file, expected) => {
    const twin = dequantiseGraph(readTflite(readBytes(file)));
    expect(() => validateGraph(twin)).not.toThrow();
    expect([...twin.tensors.values()].filter(({type}) => type !== 'float32')).toEqual([]);
    const shapes = [...twin.inputs, ...twin.outputs].map((name) => twin.tensors.get(name)?.shape);
    expect(shapes).toEqual([expected.input.shape, expected.output.shape]);
  });

  it('leaves weights that need no other order as views of the file', () => {
    const bytes = readBytes('micronet_large_int8.tflite');
    const graph = readTflite(bytes);
    const weights = [...graph.tensors.values()].filter(({data, shape}) => data && shape.length === 4);
    // 1 × 1 convolutions and the first one, whose input has one channel; depthwise weights are reordered
    expect(weights.filter(({data}) => data?.buffer === bytes.buffer)).toHaveLength(9);
    expect(weights.filter(({data}) => data?.buffer !== bytes.buffer)).toHaveLength(7);
  });
});
