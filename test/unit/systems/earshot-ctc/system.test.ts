import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {system} from '../../../../src/systems/earshot-ctc/system.ts';
import {
  findLooseTensors,
  findUnusedWeights,
  readBuiltInWeights,
  readFileParts,
} from '../../../support/built-in-network.ts';
import {writeSafetensors} from '../../../support/safetensors.ts';

const {card, windowPlan} = system;
const weights = readBuiltInWeights(card);
const graph = system.buildGraph(weights, card);

test('the card accepts the committed weights and no more than 3 MB of them', () => {
  const sha256 = createHash('sha256').update(weights).digest('hex');
  expect(card.weights.accepted).toMatchObject([{sha256, bytes: weights.length}]);
  expect(weights.length).toBeLessThanOrEqual(3_000_000);
});

test('the labels are the letters, apostrophe, space and blank, and the card says which is which', () => {
  expect(card.labels.slice(0, 28).join('')).toBe("abcdefghijklmnopqrstuvwxyz' ");
  expect(card.labels).toHaveLength(29);
  expect(card.labels[card.spaceId]).toBe(' ');
  expect(card.labels[card.blankId]).toBe('<blank>');
});

test('the graph takes one window of rows and gives one row of logits every 30 ms', () => {
  const {windowFrames, subsamplingFactor} = windowPlan;
  expect(graph.inputs.map((name) => graph.tensors.get(name)?.shape)).toEqual([[1, 1, windowFrames, 64]]);
  const outputFrames = windowFrames / subsamplingFactor;
  expect(graph.outputs.map((name) => graph.tensors.get(name)?.shape)).toEqual([[1, outputFrames, 1, 29]]);
});

test('the plan counts whole steps of output, 0.6 s of them new in each window', () => {
  const {windowFrames, leftContextFrames, rightContextFrames, subsamplingFactor} = windowPlan;
  expect(windowPlan).toMatchObject({leftContextFrames: 123, rightContextFrames: 75, subsamplingFactor: 3});
  expect(windowFrames % subsamplingFactor).toBe(0);
  const newFrames = windowFrames - leftContextFrames - rightContextFrames;
  expect(newFrames).toBe(60);
  expect(newFrames % subsamplingFactor).toBe(0);
});

test('both modes of the front end are the same: it has no statistics', () => {
  const samples = Float32Array.from({length: 4000}, (_, index) => Math.sin(index * index * 1e-3));
  const rows = (['utterance', 'streaming'] as const).map((mode) => {
    const frontEnd = system.createFrontEnd(mode);
    frontEnd.push(samples);
    const out = new Float32Array(30 * frontEnd.featureCount);
    return [frontEnd.hopLength, frontEnd.readRows(out), ...out];
  });
  expect(rows[0]).toEqual(rows[1]);
  expect(rows[0]?.slice(0, 2)).toEqual([160, 23]);
});

test('every node reads tensors that are constants, inputs or outputs of nodes before it', () => {
  expect(findLooseTensors(graph)).toEqual([]);
});

test('every tensor of the weights file is used, so none is forgotten', () => {
  expect(findUnusedWeights(readFileParts(weights), graph)).toEqual([]);
});

test('a weight that is missing or of another shape is refused by name', () => {
  const {header, data} = readFileParts(weights);
  const renamed = JSON.stringify(header).replace('"stem.bias"', '"trunk.bias"');
  expect(() => system.buildGraph(writeSafetensors(renamed, data), card)).toThrow(ModelFormatError);
  expect(() => system.buildGraph(writeSafetensors(renamed, data), card)).toThrow('no "stem.bias"');
  header['classify.weight']?.shape.reverse();
  expect(() => system.buildGraph(writeSafetensors(header, data), card)).toThrow(
    /"classify.weight" as I8 \[1, 1, 256, 29\]/,
  );
});

test('normalisation that is missing is refused', () => {
  const {header, data} = readFileParts(weights);
  const renamed = JSON.stringify(header).replace('"normalise"', '"normalised"');
  expect(() => system.buildGraph(writeSafetensors(renamed, data), card)).toThrow('no "normalise"');
});
