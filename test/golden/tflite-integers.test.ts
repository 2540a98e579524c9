import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import type {Graph} from '../../src/graph/graph.ts';
import {loadGolden} from '../support/goldens.ts';
import {evaluateIntegers} from '../support/integer-evaluator.ts';
import {hasShared, sharedPath} from '../support/shared.ts';

const reason = hasShared ? '' : ' (skipped: ../shared is absent)';

const readGraph = (file: string): Graph =>
  readTflite(new Uint8Array(readFileSync(sharedPath('models', file))));

/** The values of a NumPy file of int8. */
function readNpy(...path: string[]): Int8Array {
  const file = readFileSync(sharedPath(...path));
  expect(file.toString('latin1', 0, 128)).toContain("'descr': '|i1'");
  return Int8Array.from(file.subarray(10 + file.readUInt16LE(8)));
}

interface PublishedOutputs {
  readonly rows: readonly {
    readonly model: string;
    readonly clip: string;
    readonly start: number;
    readonly output_int8?: readonly number[];
    readonly logits_int8?: readonly number[];
  }[];
}

/**
 * The graph alone against outputs that others published: integer arithmetic as TFLite's reference kernels do it
 * leaves no room for a wrong weight, scale, pad or layout.
 */
describe.skipIf(!hasShared)(`graphs of published files, run in integers${reason}`, () => {
  it('give the published output of DS-CNN clustered, 12 of 12', () => {
    const graph = readGraph('ds_cnn_clustered_int8_rebuilt.tflite');
    const values = evaluateIntegers(graph, readNpy('models/vectors/ds_cnn_clustered_int8.input.npy'));
    const published = readNpy('models/vectors/ds_cnn_clustered_int8.output.npy');
    expect(values.get(graph.outputs[0] ?? '')).toEqual(published);
  });

  const clips = ['es_yes', 'noise', 'sc_yes'];
  const {rows} = hasShared
    ? (JSON.parse(
        readFileSync(sharedPath('reference/golden/kws_model_outputs.json'), 'utf8'),
      ) as PublishedOutputs)
    : {rows: []};
  const rowOf = (model: string, clip: string): PublishedOutputs['rows'][number] | undefined =>
    rows.find((row) => row.model === model && row.clip === clip && row.start === 0);

  it.each(clips)('give the logits that MicroNet Large gives for %s', (clip) => {
    const graph = readGraph('micronet_large_int8.tflite');
    const values = evaluateIntegers(graph, loadGolden(`kws.int8_micronet_l.${clip}`).values as Int8Array);
    const expected = rowOf('micronet_large_int8', clip)?.output_int8;
    expect(Array.from(values.get(graph.outputs[0] ?? '') ?? [])).toEqual(expected);
  });

  it.each(clips)('give the logits that DS-CNN Large gives for %s', (clip) => {
    const graph = readGraph('ds_cnn_large_int8.tflite');
    const values = evaluateIntegers(graph, loadGolden(`kws.int8_dscnn_l.${clip}`).values as Int8Array);
    const logits = graph.nodes.find(({op}) => op === 'Softmax')?.inputs[0] ?? '';
    const expected = rowOf('ds_cnn_large_int8_not_clustered', clip)?.logits_int8;
    expect(Array.from(values.get(logits) ?? [])).toEqual(expected);
  });
});
