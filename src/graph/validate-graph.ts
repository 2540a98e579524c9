import {checkTensor} from './check-tensor.ts';
import {checkArity, checkTypes} from './check-types.ts';
import {isConstant, type Graph, type Node, type Tensor} from './graph.ts';
import {inferShapes} from './infer-shape.ts';
import {ModelFormatError} from './model-format-error.ts';
import {countAnyLengths, formatShape, isSameShape} from './shape.ts';

/**
 * Refuses a graph that could not run: every tensor is well formed, every node finds its inputs computed before
 * it, takes types and shapes that fit, and writes the shape its output declares. Works for graphs of any reader.
 * Any thread; allocates no tensor.
 * @throws ModelFormatError with what was got and what was expected, for the first fault.
 */
export function validateGraph(graph: Graph): void {
  for (const [name, tensor] of graph.tensors) {
    if (tensor.name !== name)
      throw new ModelFormatError(`tensor ${tensor.name} under ${name}`, 'its own name');
    checkTensor(tensor);
  }
  const available = new Set<string>();
  for (const [name, tensor] of graph.tensors) if (isConstant(tensor)) available.add(name);
  for (const name of graph.inputs) {
    checkInput(requireTensor(graph, name));
    define(available, name, 'graph input');
  }
  const computed = new Set<string>();
  for (const node of graph.nodes) {
    checkNode(graph, node, available);
    for (const name of node.outputs) {
      define(available, name, `output of ${node.op}`);
      computed.add(name);
    }
  }
  checkOutputs(graph, computed);
}

function checkInput({name, shape}: Tensor): void {
  if (countAnyLengths(shape) <= 1) return;
  throw new ModelFormatError(
    `graph input ${name} of shape ${formatShape(shape)}`,
    'one size of any length at most',
  );
}

function checkNode(graph: Graph, node: Node, available: ReadonlySet<string>): void {
  checkArity(node);
  const inputs = node.inputs.map((name) => requireTensor(graph, name));
  for (const name of node.inputs) {
    if (!available.has(name)) {
      throw new ModelFormatError(
        `${node.op} reading ${name} before it is computed`,
        'nodes in running order',
      );
    }
  }
  const outputs = node.outputs.map((name) => requireTensor(graph, name));
  checkTypes(node, inputs, outputs);
  const shapes = inferShapes(
    node,
    inputs.map((tensor) => tensor.shape),
  );
  outputs.forEach((output, index) => checkOutputShape(node, output, shapes[index] ?? []));
}

function checkOutputShape({op}: Node, {name, shape}: Tensor, computed: readonly number[]): void {
  if (isSameShape(shape, computed)) return;
  throw new ModelFormatError(
    `shape ${formatShape(shape)} of ${name}`,
    `${formatShape(computed)}, which ${op} computes`,
  );
}

function checkOutputs(graph: Graph, computed: ReadonlySet<string>): void {
  if (graph.inputs.length === 0) throw new ModelFormatError('no graph input', 'at least one');
  if (graph.outputs.length === 0) throw new ModelFormatError('no graph output', 'at least one');
  if (new Set(graph.outputs).size !== graph.outputs.length) {
    throw new ModelFormatError(`graph outputs ${graph.outputs.join(', ')}`, 'each once');
  }
  for (const name of graph.outputs) {
    if (!computed.has(name))
      throw new ModelFormatError(`graph output ${name}`, 'a tensor that a node computes');
  }
}

function requireTensor(graph: Graph, name: string): Tensor {
  const tensor = graph.tensors.get(name);
  if (tensor === undefined)
    throw new ModelFormatError(`tensor ${name}, which is not in the graph`, 'a known name');
  return tensor;
}

function define(available: Set<string>, name: string, what: string): void {
  if (available.has(name))
    throw new ModelFormatError(`${what} ${name} defined twice`, 'one source per tensor');
  available.add(name);
}
