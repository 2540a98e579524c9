import type {FilePiece} from './file-pieces.ts';
import {
  dictionary,
  float,
  globalName,
  integer,
  list,
  NONE,
  oldText,
  orderedDictionary,
  reduce,
  text,
  tuple,
  type PickleBytes,
} from './pickle-writer.ts';
import {pickledTensor, writeTorchLegacy} from './torch-legacy-writer.ts';

const weight = {key: '94270001', values: Float32Array.from([1, 2, 3, 4, 5, 6])};
const flat = {key: '94270002', values: Float32Array.from([0.5, -0.5, 0.25, 10, 20, 30, 40])};
const momentum = {key: '94270003', values: Float32Array.from([7, 7])};

/** What must be read of {@link deepspeechPackage}. */
export const DEEPSPEECH_TENSORS: Readonly<Record<string, {shape: number[]; values: number[]}>> = {
  'module.conv.0.weight': {shape: [2, 3], values: [1, 2, 3, 4, 5, 6]},
  'module.conv.0.turned': {shape: [3, 2], values: [1, 4, 2, 5, 3, 6]},
  'module.rnns.0.rnn.bias_ih_l0': {shape: [2], values: [-0.5, 0.25]},
  'module.rnns.0.rnn.bias_hh_l0': {shape: [2, 2], values: [10, 20, 30, 40]},
};

/** Scalars around them. */
export const DEEPSPEECH_METADATA = {
  version: '0.0.1',
  hidden_size: 2560,
  hidden_layers: 3,
  rnn_type: 'gru',
  labels: "_'ABC ",
  epoch: 7,
  avg_loss: 0.125,
};

/** A state dictionary of four tensors on a GPU, two of them in one memory, as two versions of torch wrote them. */
function stateDictionary(): PickleBytes {
  const metadata = orderedDictionary([[text(''), dictionary([[text('version'), integer(1)]])]]);
  const tensors = [
    pickledTensor({storage: weight, shape: [2, 3], strides: [3, 1]}),
    pickledTensor({storage: weight, shape: [3, 2], strides: [1, 3], isOld: true}),
    pickledTensor({storage: flat, offset: 1, shape: [2], strides: [1], view: [0, 3]}),
    pickledTensor({storage: flat, shape: [2, 2], strides: [2, 1], view: [3, 4], isOld: true}),
  ];
  const names = Object.keys(DEEPSPEECH_TENSORS);
  return orderedDictionary(
    tensors.map((tensor, index) => [text(names[index] ?? ''), tensor]),
    dictionary([[text('_metadata'), metadata]]),
  );
}

/** A package of deepspeech.pytorch of 2018, byte by byte: the state dictionary of a DataParallel on `cuda:0`. */
export function deepspeechPackage(): FilePiece[] {
  const {version, hidden_size, hidden_layers, rnn_type, labels, epoch, avg_loss} = DEEPSPEECH_METADATA;
  const state = pickledTensor({storage: momentum, shape: [2], strides: [1]});
  const root = dictionary([
    [text('version'), text(version)],
    [text('hidden_size'), integer(hidden_size)],
    [text('hidden_layers'), integer(hidden_layers)],
    [text('rnn_type'), text(rnn_type)],
    [text('audio_conf'), dictionary([[text('sample_rate'), integer(16000)]])],
    [text('labels'), text(labels)],
    [text('state_dict'), stateDictionary()],
    [text('optim_dict'), dictionary([[text('state'), dictionary([[integer(140234567890123), state]])]])],
    [text('epoch'), integer(epoch)],
    [text('avg_loss'), float(avg_loss)],
    [text('meta'), NONE],
  ]);
  return writeTorchLegacy(root, [weight, flat, momentum]);
}

/** The same as Python 2 writes it: names as str, the dictionary by a list of pairs. */
export function python2Dictionary(): FilePiece[] {
  const pairs = [
    list(oldText('fc.weight'), pickledTensor({storage: weight, shape: [6], strides: [1], isOld: true})),
    list(oldText('fc.bias'), pickledTensor({storage: momentum, shape: [2], strides: [1], isOld: true})),
  ];
  const root = reduce(globalName('collections', 'OrderedDict'), tuple(list(...pairs)));
  return writeTorchLegacy(root, [weight, momentum]);
}
