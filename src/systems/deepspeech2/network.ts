import type {Graph} from '../../graph/graph.ts';
import {ANY_LENGTH} from '../../graph/shape.ts';
import {GraphBuilder} from '../graph-builder.ts';
import {card} from './card.ts';
import {
  foldedClassifier,
  foldedConvolution,
  gateBiasForOnnx,
  gatesForOnnx,
  type FoldedLayer,
} from './fold.ts';
import {DEEPSPEECH2_FEATURE_COUNT} from './front-end.ts';
import {CONVOLUTIONS, CONVOLVED_COUNT, LAYER_COUNT, type DeepSpeech2Weights} from './weights.ts';

/** Outputs of the convolutions are cut to this range (Hardtanh). */
const CLIP = {min: 0, max: 20};

const NO_PADS = [0, 0, 0, 0] as const;

/**
 * The network as a graph whose constants are read when it is written: rows [1, any, 161] and the states of the layers
 * [1, 1, hiddenSize] each → logits [1, any, 29] and the states behind the last row. Batch normalisation is part of the
 * weights. Any thread.
 * @param layerCount how many of the recurrent layers, the first ones: all but where the network is only to be timed.
 */
export function buildDeepSpeech2({weights, hiddenSize}: DeepSpeech2Weights, layerCount = LAYER_COUNT): Graph {
  const builder = new GraphBuilder(card.id);
  const rows = builder.input('rows', [1, ANY_LENGTH, DEEPSPEECH2_FEATURE_COUNT]);
  const states = Array.from({length: layerCount}, (_, layer) =>
    builder.input(`h${layer}`, [1, 1, hiddenSize]),
  );
  // bins before frames, as the convolutions have been trained
  const columns = builder.node('Transpose', [rows], 'columns', {permutation: [0, 2, 1]});
  let current = builder.node('Reshape', [columns], 'spectrogram', {
    shape: [1, 1, DEEPSPEECH2_FEATURE_COUNT, ANY_LENGTH],
  });
  for (const {layer, norm, strides} of CONVOLUTIONS) {
    const inputs = [current, ...addLayer(builder, layer, foldedConvolution(weights, layer, norm))];
    const attributes = {strides, pads: NO_PADS, dilations: [1, 1], group: 1} as const;
    const convolved = builder.node('Conv', inputs, `${layer}.convolved`, attributes);
    current = builder.node('Clip', [convolved], `${layer}.clipped`, CLIP);
  }
  // the features of a step are all bins of map 0, then of map 1, …
  const steps = builder.node('Transpose', [current], 'steps', {permutation: [3, 0, 1, 2]});
  current = builder.node('Reshape', [steps], 'convolved', {shape: [ANY_LENGTH, 1, CONVOLVED_COUNT]});
  const nextStates = states.map((state, layer) => {
    const name = `rnns.${layer}`;
    const parameters = addGates(builder, weights, `${name}.rnn`);
    builder.nodeOf('Gru', [current, ...parameters, state], [`${name}.steps`, `${state}.next`], {});
    current = builder.node('Reshape', [`${name}.steps`], name, {shape: [ANY_LENGTH, 1, hiddenSize]});
    return `${state}.next`;
  });
  current = builder.node('Reshape', [current], 'hidden', {shape: [ANY_LENGTH, hiddenSize]});
  const classifier = addLayer(builder, 'classifier', foldedClassifier(weights));
  const scores = builder.node('Gemm', [current, ...classifier], 'scores', {});
  const logits = builder.node('Reshape', [scores], 'logits', {shape: [1, ANY_LENGTH, card.labels.length]});
  return builder.finish([logits, ...nextStates]);
}

function addLayer(builder: GraphBuilder, name: string, {weight, bias}: FoldedLayer): readonly string[] {
  return [builder.constant(`${name}.weight`, weight), builder.constant(`${name}.bias`, bias)];
}

/** Weights of input and recurrence, and the biases of both, as ONNX's GRU takes them. */
function addGates(
  builder: GraphBuilder,
  weights: DeepSpeech2Weights['weights'],
  name: string,
): readonly string[] {
  const [inputs, recurrence] = [`${name}.weight_ih_l0`, `${name}.weight_hh_l0`];
  return [
    builder.constant(inputs, gatesForOnnx(weights, inputs)),
    builder.constant(recurrence, gatesForOnnx(weights, recurrence)),
    builder.constant(`${name}.bias`, gateBiasForOnnx(weights, `${name}.bias_ih_l0`, `${name}.bias_hh_l0`)),
  ];
}
