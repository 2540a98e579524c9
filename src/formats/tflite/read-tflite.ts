import {cancelTransposes} from '../../graph/cancel-transposes.ts';
import type {Graph, Tensor} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {validateGraph} from '../../graph/validate-graph.ts';
import {ByteBudget} from './byte-budget.ts';
import {CONVERTERS} from './converters.ts';
import type {FlatTable} from './flat-table.ts';
import {GraphBuilder} from './graph-builder.ts';
import {type ModelFile, openModelFile} from './model-file.ts';
import {OPERATOR} from './schema.ts';
import {TensorNames} from './tensor-names.ts';
import {TensorReader} from './tensor-reader.ts';

/** Copies of constants that a file of any size may cause, beside 4 bytes for each of its own. */
const SMALL_COPIES_BYTES = 1_048_576;

/**
 * A TFLite file as a graph: NCHW activations, OIHW weights, explicit pads, quantisation kept. Graph inputs and
 * outputs keep the names, shapes and types they have in the file. Weights are views of `bytes` where their order
 * in memory is the graph's already, so `bytes` must stay unchanged while the graph is in use.
 * Nothing is allocated for what the file claims before the claim is checked; copies of constants take at most
 * 4 times the file and 1 MiB. Any thread.
 * @throws ModelFormatError where the file is damaged, hostile or uses what the reader does not know.
 */
export function readTflite(bytes: Uint8Array): Graph {
  const model = openModelFile(bytes);
  const copies = new ByteBudget(4 * bytes.byteLength + SMALL_COPIES_BYTES, 'copied constants');
  const names = new TensorNames();
  const reader = new TensorReader(model, copies, names);
  const builder = new GraphBuilder(copies, names);
  // first of all the ends of the network, so that no other tensor takes their names
  const inputs = model.inputs.map((index) => reader.read(index));
  const outputs = model.outputs.map((index) => reader.read(index));
  for (const tensor of [...inputs, ...outputs]) builder.tensors.set(tensor.name, tensor);
  for (const operator of model.operators) convertOperator(model, operator, reader, builder);
  const graph = {
    name: model.name,
    inputs: inputs.map((tensor) => tensor.name),
    outputs: outputs.map((tensor) => tensor.name),
    tensors: builder.tensors,
    nodes: builder.nodes,
  };
  validateGraph(graph);
  const rewritten = cancelTransposes(graph);
  validateGraph(rewritten);
  return rewritten;
}

function convertOperator(
  model: ModelFile,
  operator: FlatTable,
  reader: TensorReader,
  builder: GraphBuilder,
): void {
  const name = operatorName(model, operator);
  const converter = CONVERTERS.get(name);
  if (converter === undefined) {
    throw new ModelFormatError(`operator ${name}`, [...CONVERTERS.keys()].join(', '));
  }
  const inputs = operator.int32s(OPERATOR.inputs);
  const outputs = operator.int32s(OPERATOR.outputs);
  if (inputs.length > converter.maxInputs || outputs.length !== 1) {
    throw new ModelFormatError(
      `${name} with ${inputs.length} inputs and ${outputs.length} outputs`,
      `at most ${converter.maxInputs} inputs and 1 output`,
    );
  }
  const readOptional = (index: number): Tensor | undefined => (index === -1 ? undefined : reader.read(index));
  converter.convert({
    name,
    inputs: inputs.map(readOptional),
    output: reader.read(outputs[0] as number),
    optionsType: operator.uint8(OPERATOR.optionsType),
    options: operator.table(OPERATOR.options),
    builder,
  });
}

function operatorName(model: ModelFile, operator: FlatTable): string {
  const index = operator.uint32(OPERATOR.opcodeIndex);
  const name = model.operatorNames[index];
  if (name !== undefined) return name;
  throw new ModelFormatError(
    `operator code ${index}`,
    `one of the ${model.operatorNames.length} in the file`,
  );
}
