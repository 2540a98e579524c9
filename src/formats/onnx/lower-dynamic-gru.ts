import {addIntegerWeights, addProduct, addQuantised, type DynamicActivation} from './dynamic-integers.ts';
import type {Lowering, NodeOf} from './lowering.ts';
import {OnnxBuilder} from './onnx-builder.ts';
import type {OnnxGraph} from './onnx-graph.ts';

/** What the steps of one layer share: its sizes, and names of its constants. */
interface Cell {
  readonly name: string;
  readonly batch: number;
  readonly units: number;
  readonly weights: ReturnType<typeof addGateWeights>;
  readonly bias: string; // [units], that of the new gate's recurrence
}

/**
 * A layer of recurrent units with 8-bit weights: the inputs of all steps are multiplied at once, the state step by step in
 * a loop (Scan), quantised anew in each. ONNX's own GRU has float32 weights only, which every step reads from memory
 * whole (docs/decisions/0015).
 * @param x the input of the layer, quantised.
 */
export function lowerDynamicGru(node: NodeOf<'Gru'>, x: DynamicActivation, lowering: Lowering): void {
  const {builder} = lowering;
  const [, w, r, bias, h0] = node.inputs;
  const [y = '', hN = ''] = node.outputs;
  const [, batch = 1, units = 0] = lowering.tensor(h0).shape;
  const inputProduct = addProduct({op: 'MatMulInteger', x, weights: addGateWeights(w, lowering)}, builder);
  const {inputBias, newBias} = addBiases(bias, units, lowering);
  const inputs = builder.add('Add', [inputProduct, inputBias]);
  const cell = {name: y, batch, units, weights: addGateWeights(r, lowering), bias: newBias};
  const direction = builder.int64List([0]);
  const state = builder.add('Squeeze', [lowering.plain(h0), direction]);
  const [last, steps] = [`/earshot/last/${y}`, `/earshot/steps/${y}`];
  builder.add('Scan', [state, inputs], {
    attributes: {body: {graph: stepOf(cell, lowering)}, num_scan_inputs: {int: 1}},
    outputs: [last, steps],
  });
  builder.add('Unsqueeze', [last, direction], {output: hN});
  builder.add('Unsqueeze', [steps, builder.int64List([1])], {output: y});
}

// [1, 3 · units, inputs] → [inputs, 3 · units]
function addGateWeights(name: string | undefined, lowering: Lowering): ReturnType<typeof addIntegerWeights> {
  const [, outputs = 0, depth = 0] = lowering.tensor(name).shape;
  const from = {channelCount: outputs, channelStep: depth, step: 1};
  const to = {channelCount: outputs, channelStep: 1, step: outputs};
  const layout = {type: 'int8', shape: [depth, outputs], scaleShape: [outputs], from, to} as const;
  return addIntegerWeights({source: name, use: 'Gru'}, layout, lowering);
}

// update and reset take both biases at once; the new gate's recurrence has its own, inside the reset
function addBiases(
  name: string | undefined,
  units: number,
  lowering: Lowering,
): {readonly inputBias: string; readonly newBias: string} {
  const [inputBias, newBias] = [`/earshot/input/${String(name)}`, `/earshot/new/${String(name)}`];
  const constants = [
    {name: inputBias, type: 'float32', shape: [3 * units]},
    {name: newBias, type: 'float32', shape: [units]},
  ] as const;
  lowering.derived(name, constants, (values) => {
    const sums = values.slice(0, 3 * units);
    for (let gate = 0; gate < 2 * units; gate++) {
      sums[gate] = (sums[gate] ?? 0) + (values[3 * units + gate] ?? 0);
    }
    return [sums, values.slice(5 * units)];
  });
  return {inputBias, newBias};
}

/** One step: state [batch, units] and gates of the input [batch, 3 · units] → the next state, twice. */
function stepOf({name, batch, units, weights, bias}: Cell, {builder}: Lowering): OnnxGraph {
  const body = new OnnxBuilder(`/earshot/step/${name}`);
  const named = (part: string): string => `/earshot/step/${name}/${part}`;
  const split = (values: string, sizes: readonly number[], parts: readonly [string, string]): void => {
    const outputs = [named(parts[0]), named(parts[1])] as const;
    body.add('Split', [values, builder.int64List(sizes)], {attributes: {axis: {int: 1}}, outputs});
  };
  const [state, inputs, next, output] = ['state', 'inputs', 'next', 'output'].map(named) as [
    string,
    string,
    string,
    string,
  ];
  const product = addProduct({op: 'MatMulInteger', x: addQuantised(state, body), weights}, body);
  split(product, [2 * units, units], ['recurrent', 'recurrent-new']);
  split(inputs, [2 * units, units], ['input', 'input-new']);
  const gates = body.add('Sigmoid', [body.add('Add', [named('input'), named('recurrent')])]);
  split(gates, [units, units], ['update', 'reset']);
  const recurrentNew = body.add('Add', [named('recurrent-new'), bias]);
  const remembered = body.add('Mul', [named('reset'), recurrentNew]);
  const fresh = body.add('Tanh', [body.add('Add', [named('input-new'), remembered])]);
  const kept = body.add('Mul', [named('update'), body.add('Sub', [state, fresh])]);
  body.add('Add', [fresh, kept], {output: next});
  body.add('Identity', [next], {output});
  const value = (of: string, size: number) => ({name: of, type: 'float32', shape: [batch, size]}) as const;
  return {
    name: `step of ${name}`,
    inputs: [value(state, units), value(inputs, 3 * units)],
    outputs: [value(next, units), value(output, units)],
    constants: [],
    nodes: body.nodes,
  };
}
