import {describe, expect, it} from 'vitest';
import type {Checkpoint, StoredTensor} from '../../../../src/formats/checkpoint/checkpoint.ts';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {deepSpeech2Shapes, readDeepSpeech2} from '../../../../src/systems/deepspeech2/weights.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

function checkpointOf(shapes: Shapes, metadata: Checkpoint['metadata'] = {}): Checkpoint {
  const read = () => Promise.reject(new Error('no values are needed for a check'));
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => [
    name,
    {name, type: 'F32', shape, read},
  ]);
  return {format: 'torch-legacy', tensors: new Map(tensors), metadata};
}

const right = deepSpeech2Shapes(8);

/** The right state dictionary with some tensors replaced or added, or left out where they have no shape. */
function changed(changes: Readonly<Record<string, readonly number[] | undefined>>): Shapes {
  const entries = Object.entries({...right, ...changes});
  return Object.fromEntries(entries.filter((entry): entry is [string, number[]] => entry[1] !== undefined));
}

const refusalOf = (shapes: Shapes, metadata?: Checkpoint['metadata']): string => {
  try {
    readDeepSpeech2(checkpointOf(shapes, metadata));
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFormatError);
    return (error as Error).message;
  }
  return 'not refused';
};

describe('readDeepSpeech2', () => {
  it.each([8, 512, 2560])('takes a state dictionary of %i units', (hiddenSize) => {
    const {weights} = readDeepSpeech2(checkpointOf(deepSpeech2Shapes(hiddenSize)));
    expect(readDeepSpeech2(checkpointOf(deepSpeech2Shapes(hiddenSize))).hiddenSize).toBe(hiddenSize);
    expect(weights.size).toBe(29);
  });

  it('takes it behind "module.", with counters of batches, and with the dictionary around it', () => {
    const shapes = {...right, 'conv.1.num_batches_tracked': []};
    const prefixed = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [`module.${name}`, shape]),
    );
    const metadata = {
      version: '0.0.1',
      hidden_size: 8,
      hidden_layers: 3,
      rnn_type: 'gru',
      labels: "_'ABCDEFGHIJKLMNOPQRSTUVWXYZ ",
      epoch: 20,
    };
    const {weights, hiddenSize} = readDeepSpeech2(checkpointOf(prefixed, metadata));
    expect(hiddenSize).toBe(8);
    expect([...weights.keys()]).toEqual(Object.keys(shapes));
  });

  it.each([
    [{'rnns.0.rnn.weight_hh_l0': undefined}, 'got no "rnns.0.rnn.weight_hh_l0", expected'],
    [
      {'rnns.0.rnn.weight_hh_l0': [32, 8]},
      'as [32, 8], an LSTM, expected "rnns.0.rnn.weight_hh_l0" of a GRU',
    ],
    [
      {'rnns.2.rnn.bias_hh_l0': undefined},
      'got no "rnns.2.rnn.bias_hh_l0", expected "rnns.2.rnn.bias_hh_l0" as [24]',
    ],
    [
      {'rnns.1.rnn.weight_ih_l0': [24, 16]},
      'got "rnns.1.rnn.weight_ih_l0" as [24, 16], expected "rnns.1.rnn.weight_ih_l0" as [24, 8]',
    ],
    [
      {'fc.0.module.1.bias': [29]},
      'got "fc.0.module.1.bias", expected the 29 tensors of DeepSpeech2 and no others',
    ],
    [{'rnns.3.rnn.weight_hh_l0': [24, 8]}, 'got "rnns.3.rnn.weight_hh_l0", expected the 29 tensors'],
    [
      {'rnns.0.rnn.weight_ih_l0_reverse': [24, 672]},
      'got "rnns.0.rnn.weight_ih_l0_reverse", of a network of two directions, expected GRUs of one direction',
    ],
  ])('refuses one with %j', (changes, message) => {
    expect(refusalOf(changed(changes))).toContain(message);
  });

  it.each([
    [{'rnns.1.batch_norm.module.weight': [8]}, 'rnns.1.batch_norm.module.weight'],
    [{'conv.seq_module.0.weight': [32, 1, 41, 11], 'conv.0.weight': undefined}, 'conv.seq_module.0.weight'],
    [{'lookahead.0.conv.weight': [8, 1, 20]}, 'lookahead.0.conv.weight'],
    [{'rnns.0.rnn.weight_ih_l0': [24, 1312]}, '1312 inputs of the first recurrent layer'],
    [
      {'rnns.1.batch_norm.module.weight': [8], 'rnns.1.rnn.weight_ih_l0_reverse': [24, 8]},
      'rnns.1.batch_norm.module.weight',
    ],
  ])('names the newer deepspeech.pytorch, told by %j', (changes, sign) => {
    expect(refusalOf(changed(changes))).toBe(
      `got the newer deepspeech.pytorch network (${sign}), expected MLPerf's DeepSpeech2: convolutions without padding and three GRUs without batch normalisation between them`,
    );
  });

  it.each([
    [{hidden_size: 800}, 'got hidden_size 800, expected 8'],
    [{hidden_layers: 5}, 'got hidden_layers 5, expected 3'],
    [{rnn_type: 'lstm'}, 'got rnn_type "lstm", expected "gru"'],
    [{labels: "_'abc"}, `got labels "_'abc", expected "_'ABCDEFGHIJKLMNOPQRSTUVWXYZ "`],
  ])('refuses a dictionary that says %j', (metadata, message) => {
    expect(refusalOf(right, metadata)).toBe(message);
  });

  it('refuses an empty dictionary', () => {
    expect(refusalOf({})).toContain('got no "rnns.0.rnn.weight_hh_l0"');
  });
});
