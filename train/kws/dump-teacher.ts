/**
 * Writes a published keyword network as float32 for train/kws/teacher.py: `<folder>/teacher.json` (the nodes, and where
 * each constant lies) and `<folder>/teacher.f32` (the constants, little-endian float32).
 * Usage: npx tsx train/kws/dump-teacher.ts <id> <weights file> <folder>
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {dequantiseGraph} from '../../src/graph/dequantise-graph.ts';
import {findKeywordSystem} from '../../src/systems/keyword-systems.ts';

const [id, weightsFile, folder] = process.argv.slice(2);
if (id === undefined || weightsFile === undefined || folder === undefined) {
  throw new Error('expected <id> <weights file> <folder>');
}
const system = await findKeywordSystem(id);
const graph = dequantiseGraph(system.buildGraph(new Uint8Array(readFileSync(weightsFile))));
const constants: Record<string, {shape: readonly number[]; first: number}> = {};
const parts: Float32Array[] = [];
let first = 0;
for (const {name, shape, data} of graph.tensors.values()) {
  if (!(data instanceof Float32Array)) continue;
  constants[name] = {shape, first};
  parts.push(data);
  first += data.length;
}
const [input] = graph.inputs;
const [output] = graph.outputs;
const {labels} = system.card;
writeFileSync(
  join(folder, 'teacher.json'),
  JSON.stringify({input, output, labels, mfcc: system.mfcc, nodes: graph.nodes, constants}),
);
writeFileSync(join(folder, 'teacher.f32'), Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
console.log(`${id}: ${graph.nodes.length} nodes, ${first} constants`);
