import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {system} from '../../../../src/systems/earshot-kws/system.ts';
import {
  findLooseTensors,
  findUnusedWeights,
  readBuiltInWeights,
  readFileParts,
} from '../../../support/built-in-network.ts';
import {evaluateReference} from '../../../support/reference-evaluator.ts';
import {writeSafetensors} from '../../../support/safetensors.ts';

const goldens = new URL('../../../goldens/earshot-kws/', import.meta.url);
const {card, mfcc, frameCount} = system;
const weights = readBuiltInWeights(card);
const inputSize = frameCount * mfcc.coefficientCount;

function readFloats(name: string): Float32Array {
  const bytes = readFileSync(new URL(name, goldens));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

test('the card accepts the committed weights and no more than 200 kB of them', () => {
  const sha256 = createHash('sha256').update(weights).digest('hex');
  expect(card.weights.accepted).toMatchObject([{sha256, bytes: weights.length}]);
  expect(weights.length).toBeLessThanOrEqual(200_000);
});

test('the graph takes one window of cepstra and gives one value per label', () => {
  const graph = system.buildGraph(weights);
  expect(graph.inputs.map((name) => graph.tensors.get(name)?.shape)).toEqual([[1, 1, 49, 40]]);
  expect(graph.outputs.map((name) => graph.tensors.get(name)?.shape)).toEqual([[1, card.labels.length]]);
});

test('every node reads tensors that are constants, inputs or outputs of nodes before it', () => {
  expect(findLooseTensors(system.buildGraph(weights))).toEqual([]);
});

test('every tensor of the weights file is used, so none is forgotten', () => {
  expect(findUnusedWeights(readFileParts(weights), system.buildGraph(weights))).toEqual([]);
});

test('the graph gives the logits of PyTorch within 1e-4 of their range, for noise and for a spoken word', () => {
  const graph = system.buildGraph(weights);
  const [windows, expected] = [readFloats('windows.f32'), readFloats('logits.f32')];
  const range = Math.max(...expected) - Math.min(...expected);
  const count = windows.length / inputSize;
  expect(expected).toHaveLength(count * card.labels.length);
  const got = Array.from({length: count}, (_, window) => {
    const input = windows.subarray(window * inputSize, (window + 1) * inputSize);
    return [...evaluateReference(graph, input)];
  }).flat();
  const error = Math.max(...got.map((value, index) => Math.abs(value - (expected[index] ?? NaN))));
  expect(error / range).toBeLessThan(1e-4);
});

test('the golden word is heard as what it is', () => {
  const logits = readFloats('logits.f32').slice(-card.labels.length);
  expect(card.labels[logits.indexOf(Math.max(...logits))]).toBe('yes');
});

test('a weight that is missing or of another shape is refused by name', () => {
  const {header, data} = readFileParts(weights);
  const renamed = JSON.stringify(header).replace('"head.bias"', '"tail.bias"');
  expect(() => system.buildGraph(writeSafetensors(renamed, data))).toThrow(ModelFormatError);
  expect(() => system.buildGraph(writeSafetensors(renamed, data))).toThrow('no "head.bias"');
  header['head.weight']?.shape.reverse();
  expect(() => system.buildGraph(writeSafetensors(header, data))).toThrow(
    /"head.weight" as I8 \[1, 1, 160, 192\]/,
  );
});

test('normalisation that is missing is refused', () => {
  const {header, data} = readFileParts(weights);
  const renamed = JSON.stringify(header).replace('"normalise"', '"normalised"');
  expect(() => system.buildGraph(writeSafetensors(renamed, data))).toThrow('no "normalise"');
});

test('normalisation that is not two values is refused', () => {
  const {header, data} = readFileParts(weights);
  header['normalise']?.shape.push(1);
  expect(() => system.buildGraph(writeSafetensors(header, data))).toThrow('"normalise" as F32 [2, 1]');
});
