/** Places of the fields used here in the tables of TFLite's schema.fbs. */
const fields = {model: {subgraphs: 2}, subgraph: {outputs: 2, operators: 3}, operator: {inputs: 1}} as const;

/**
 * The same TFLite file with what its last operator reads as its output: the logits of a network that ends in a
 * softmax, which would hide most differences. One subgraph with one output; no other check: for files known well.
 */
export function withLogitsAsOutput(file: Uint8Array): Uint8Array {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  const indirect = (position: number): number => position + view.getUint32(position, true);
  const elements = (vector: number): number => vector + 4; // after the count
  const vectorOf = (table: number, field: number): number => {
    const fieldOffset = view.getUint16(table - view.getInt32(table, true) + 4 + 2 * field, true);
    return indirect(table + fieldOffset);
  };

  const subgraph = indirect(elements(vectorOf(indirect(0), fields.model.subgraphs)));
  const operators = vectorOf(subgraph, fields.subgraph.operators);
  const last = indirect(elements(operators) + 4 * (view.getUint32(operators, true) - 1));
  const logits = view.getInt32(elements(vectorOf(last, fields.operator.inputs)), true);
  view.setInt32(elements(vectorOf(subgraph, fields.subgraph.outputs)), logits, true);
  return bytes;
}
