import {isConstant, type Graph, type Node, type OpAttributes, type OpName, type Tensor} from './graph.ts';
import {mergeReshapes} from './merge-reshapes.ts';
import {composePermutations, invertPermutation, keepsMemoryOrder, permute} from './permutation.ts';
import {pruneGraph} from './prune-graph.ts';
import {countAnyLengths, elementCount, isSameShape} from './shape.ts';
import {unusedName} from './unused-name.ts';

/** Says that a tensor equals `source` transposed by `permutation`, so that it need not be computed. */
interface View {
  readonly source: string;
  readonly permutation: readonly number[];
}

/** The graph being rebuilt: what was emitted so far, and which tensors are only views of it. */
interface Rewrite {
  readonly tensors: Map<string, Tensor>;
  readonly nodes: Node[];
  readonly views: Map<string, View>;
  /** Name under which a view was computed already, by source and permutation. */
  readonly computed: Map<string, string>;
  /** Views that were computed under their own name. */
  readonly emitted: Set<string>;
}

/** Ops that treat every value alike, so that it does not matter in which order values lie. */
const ELEMENT_WISE_OPS: ReadonlySet<OpName> = new Set<OpName>([
  'Sigmoid',
  'Relu',
  'Clip',
  'LeakyRelu',
  'Gelu',
  'QuantizeLinear',
  'DequantizeLinear',
]);

/**
 * The same network with as few transposes as a single downward sweep can leave: each transpose is kept as a view,
 * moved through ops that do not mind the order of dimensions, and computed only where a node needs it; pairs
 * that undo one another vanish. A transpose that moves only dimensions of size 1 becomes a Reshape, and
 * neighbouring Reshapes become one. Inputs and outputs keep their names and shapes.
 */
export function cancelTransposes(graph: Graph): Graph {
  const rewrite: Rewrite = {
    tensors: new Map(graph.tensors),
    nodes: [],
    views: new Map(),
    computed: new Map(),
    emitted: new Set(),
  };
  for (const node of graph.nodes) rewriteNode(rewrite, node);
  for (const name of graph.outputs) {
    if (rewrite.views.has(name)) emitView(rewrite, name, viewOf(rewrite, name));
  }
  return pruneGraph(mergeReshapes({...graph, tensors: rewrite.tensors, nodes: rewrite.nodes}));
}

function rewriteNode(rewrite: Rewrite, node: Node): void {
  if (node.op === 'Transpose') return keepAsView(rewrite, node);
  if (node.inputs.some((name) => !isIdentity(viewOf(rewrite, name).permutation))) {
    if (sinkTranspose(rewrite, node)) return;
  }
  rewrite.nodes.push({...node, inputs: node.inputs.map((name) => compute(rewrite, name))});
}

function keepAsView(rewrite: Rewrite, node: Node & {op: 'Transpose'}): void {
  const {source, permutation} = viewOf(rewrite, node.inputs[0] as string);
  rewrite.views.set(node.outputs[0] as string, {
    source,
    permutation: composePermutations(permutation, node.attributes.permutation),
  });
}

/** Emits `node` on the sources of its views and makes its output a view; false where the op minds the order. */
function sinkTranspose(rewrite: Rewrite, node: Node): boolean {
  if (ELEMENT_WISE_OPS.has(node.op)) return sinkUnary(rewrite, node, node.attributes);
  switch (node.op) {
    case 'Pad':
      return sinkPad(rewrite, node);
    case 'ReduceMean':
      return sinkReduceMean(rewrite, node);
    case 'Concat':
      return sinkConcat(rewrite, node);
    case 'Slice':
      return sinkSlice(rewrite, node);
    case 'Add':
    case 'Mul':
      return sinkBinary(rewrite, node);
    case 'Reshape':
      return sinkIntoReshape(rewrite, node);
    default:
      return false;
  }
}

function sinkUnary(rewrite: Rewrite, node: Node, attributes: OpAttributes[OpName]): boolean {
  const {source, permutation} = viewOf(rewrite, node.inputs[0] as string);
  emitSunk(rewrite, {...node, inputs: [source], attributes} as Node, permutation);
  return true;
}

function sinkPad(rewrite: Rewrite, node: Node & {op: 'Pad'}): boolean {
  const inverse = invertPermutation(viewOf(rewrite, node.inputs[0] as string).permutation);
  const {before, after, value} = node.attributes;
  return sinkUnary(rewrite, node, {before: permute(before, inverse), after: permute(after, inverse), value});
}

function sinkReduceMean(rewrite: Rewrite, node: Node & {op: 'ReduceMean'}): boolean {
  const {source, permutation} = viewOf(rewrite, node.inputs[0] as string);
  const {axes, keepDims} = node.attributes;
  const sunkAxes = axes.map((axis) => permutation[axis] as number).toSorted((a, b) => a - b);
  // without keepDims, the dimensions that are left keep their order relative to one another
  const left = permutation.filter((_, dimension) => !axes.includes(dimension));
  const ranks = left.toSorted((a, b) => a - b);
  const outputPermutation = keepDims ? permutation : left.map((dimension) => ranks.indexOf(dimension));
  const sunk: Node = {...node, inputs: [source], attributes: {axes: sunkAxes, keepDims}};
  emitSunk(rewrite, sunk, outputPermutation);
  return true;
}

function sinkConcat(rewrite: Rewrite, node: Node & {op: 'Concat'}): boolean {
  const views = node.inputs.map((name) => viewOf(rewrite, name));
  const {permutation} = views[0] as View;
  if (!views.every((view) => isSameShape(view.permutation, permutation))) return false;
  const attributes = {axis: permutation[node.attributes.axis] as number};
  emitSunk(rewrite, {...node, inputs: views.map((view) => view.source), attributes}, permutation);
  return true;
}

function sinkSlice(rewrite: Rewrite, node: Node & {op: 'Slice'}): boolean {
  const {permutation} = viewOf(rewrite, node.inputs[0] as string);
  const axes = node.attributes.axes.map((axis) => permutation[axis] as number);
  return sinkUnary(rewrite, node, {...node.attributes, axes});
}

function sinkBinary(rewrite: Rewrite, node: Node & {op: 'Add' | 'Mul'}): boolean {
  const views = node.inputs.map((name) => viewOf(rewrite, name));
  const {permutation} = views.find((view) => !isIdentity(view.permutation)) as View;
  const output = rewrite.tensors.get(node.outputs[0] as string) as Tensor;
  if (permutation.length !== output.shape.length) return false;
  const inputs = views.map((view) =>
    isSameShape(view.permutation, permutation)
      ? view.source
      : untransposeConstant(rewrite, view.source, permutation),
  );
  if (inputs.includes(undefined)) return false;
  emitSunk(rewrite, {...node, inputs: inputs as string[]}, permutation);
  return true;
}

function sinkIntoReshape(rewrite: Rewrite, node: Node & {op: 'Reshape'}): boolean {
  const {source, permutation} = viewOf(rewrite, node.inputs[0] as string);
  if (!keepsMemoryOrder((rewrite.tensors.get(source) as Tensor).shape, permutation)) return false;
  rewrite.nodes.push({...node, inputs: [source]});
  return true;
}

/** Emits a node that writes an untransposed twin of its output, and makes the output a view of the twin. */
function emitSunk(rewrite: Rewrite, node: Node, permutation: readonly number[]): void {
  if (isIdentity(permutation)) {
    rewrite.nodes.push(node); // a mean may leave nothing to transpose
    return;
  }
  const name = node.outputs[0] as string;
  const output = rewrite.tensors.get(name) as Tensor;
  const inverse = invertPermutation(permutation);
  const twin = {
    ...output,
    name: unusedName(rewrite.tensors, `${name}/untransposed`),
    shape: permute(output.shape, inverse),
  };
  rewrite.tensors.set(twin.name, twin);
  rewrite.nodes.push({...node, outputs: [twin.name]});
  rewrite.views.set(name, {source: twin.name, permutation});
}

/**
 * Name of the constant whose transpose by `permutation` is the constant given. Undefined where `name` is no
 * constant, or where its values would have to be copied into another order: then transposing costs less.
 */
function untransposeConstant(
  rewrite: Rewrite,
  name: string,
  permutation: readonly number[],
): string | undefined {
  const constant = rewrite.tensors.get(name) as Tensor;
  if (!isConstant(constant)) return undefined;
  if (elementCount(constant.shape) === 1) return name;
  if (constant.quantisation !== undefined && constant.quantisation.scale.length > 1) return undefined;
  const missing = permutation.length - constant.shape.length;
  const shape = [...new Array<number>(missing).fill(1), ...constant.shape];
  const inverse = invertPermutation(permutation);
  if (!keepsMemoryOrder(shape, inverse)) return undefined;
  const twin = {
    ...constant,
    name: unusedName(rewrite.tensors, `${name}/untransposed`),
    shape: permute(shape, inverse),
  };
  rewrite.tensors.set(twin.name, twin);
  return twin.name;
}

/** Name of a tensor that is really computed and equals `name`. */
function compute(rewrite: Rewrite, name: string): string {
  const view = viewOf(rewrite, name);
  if (isIdentity(view.permutation)) return view.source;
  const key = `${view.permutation.join()} ${view.source}`;
  const computed = rewrite.computed.get(key);
  if (computed !== undefined) return computed;
  emitView(rewrite, name, view);
  rewrite.computed.set(key, name);
  return name;
}

function emitView(rewrite: Rewrite, name: string, {source, permutation}: View): void {
  if (rewrite.emitted.has(name)) return;
  rewrite.emitted.add(name);
  const {shape} = rewrite.tensors.get(source) as Tensor;
  const ends = {inputs: [source], outputs: [name]};
  rewrite.nodes.push(
    keepsMemoryOrder(shape, permutation) && countAnyLengths(shape) <= 1
      ? {op: 'Reshape', ...ends, attributes: {shape: permute(shape, permutation)}}
      : {op: 'Transpose', ...ends, attributes: {permutation}},
  );
}

function viewOf(rewrite: Rewrite, name: string): View {
  const view = rewrite.views.get(name);
  if (view !== undefined) return view;
  const {shape} = rewrite.tensors.get(name) as Tensor;
  return {source: name, permutation: shape.map((_, dimension) => dimension)};
}

function isIdentity(permutation: readonly number[]): boolean {
  return permutation.every((source, dimension) => source === dimension);
}
