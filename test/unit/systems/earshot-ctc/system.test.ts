import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {ARPABET} from '../../../../src/formats/cmudict.ts';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {system} from '../../../../src/systems/earshot-ctc/system.ts';
import {
  findLooseTensors,
  findUnusedWeights,
  readBuiltInWeights,
  readFileParts,
} from '../../../support/built-in-network.ts';
import {writeSafetensors} from '../../../support/safetensors.ts';

const {card, recurrentPlan} = system;
const phones = card.phones ?? card;
const weights = readBuiltInWeights(card);
const graph = system.buildGraph(weights, phones);

const shapesOf = (names: readonly string[]): (readonly number[] | undefined)[] =>
  names.map((name) => graph.tensors.get(name)?.shape);

test('the card accepts the committed weights and no more than 4.7 MB of them', () => {
  const sha256 = createHash('sha256').update(weights).digest('hex');
  expect(card.weights.accepted).toMatchObject([{sha256, bytes: weights.length}]);
  expect(card.costs?.weightsBytes).toBe(weights.length);
  expect(weights.length).toBeLessThanOrEqual(4_700_000);
});

test('the labels are the letters, apostrophe, space and blank, and the card says which is which', () => {
  expect(card.labels.slice(0, 28).join('')).toBe("abcdefghijklmnopqrstuvwxyz' ");
  expect(card.labels).toHaveLength(29);
  expect(card.labels[card.spaceId]).toBe(' ');
  expect(card.labels[card.blankId]).toBe('<blank>');
});

test('the phones are those of dictionaries, in their order, then space and blank', () => {
  expect(phones.labels).toEqual([...ARPABET, ' ', '<blank>']);
  expect(phones.labels[phones.spaceId]).toBe(' ');
  expect(phones.labels[phones.blankId]).toBe('<blank>');
});

test('the plan is a chunk every 120 ms, and a delay of 14 outputs, 420 ms', () => {
  expect(recurrentPlan).toEqual({receptiveFrames: 9, subsamplingFactor: 3, stepOutputs: 4, delayOutputs: 14});
});

test('the graph takes the rows of a chunk and eight frames of history for each block, and gives what is next', () => {
  const histories = Array<number[]>(10).fill([1, 320, 8, 1]);
  expect(shapesOf(graph.inputs)).toEqual([[1, 1, 18, 64], ...histories]);
  expect(shapesOf(graph.outputs)).toEqual([[1, 4, 1, 41], ...histories]);
  const [logits = ''] = graph.outputs;
  expect(system.buildGraph(weights, card).tensors.get(logits)?.shape).toEqual([1, 4, 1, 29]);
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

test('every tensor of the weights file is used by one output or the other, so none is forgotten', () => {
  const unused = [phones, card].map((tokens) =>
    findUnusedWeights(readFileParts(weights), system.buildGraph(weights, tokens)),
  );
  const ofOutput = (name: string): string[] => [`${name}.bias`, `${name}.weight`];
  expect(unused.map((names) => [...new Set(names)].toSorted())).toEqual([
    ofOutput('letters'),
    ofOutput('phones'),
  ]);
});

test('a weight that is missing or of another shape is refused by name', () => {
  const {header, data} = readFileParts(weights);
  const renamed = JSON.stringify(header).replace('"stem.bias"', '"trunk.bias"');
  expect(() => system.buildGraph(writeSafetensors(renamed, data), card)).toThrow(ModelFormatError);
  expect(() => system.buildGraph(writeSafetensors(renamed, data), card)).toThrow('no "stem.bias"');
  header['phones.weight']?.shape.reverse();
  expect(() => system.buildGraph(writeSafetensors(header, data), phones)).toThrow(
    /"phones.weight" as I8 \[1, 1, 320, 41\]/,
  );
});

test('normalisation that is missing is refused', () => {
  const {header, data} = readFileParts(weights);
  const renamed = JSON.stringify(header).replace('"normalise"', '"normalised"');
  expect(() => system.buildGraph(writeSafetensors(renamed, data), card)).toThrow('no "normalise"');
});
