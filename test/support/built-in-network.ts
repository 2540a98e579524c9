import {readFileSync} from 'node:fs';
import type {Graph} from '../../src/graph/graph.ts';
import type {SystemCard} from '../../src/systems/card.ts';
import {repositoryPath} from './repository.ts';

/** The header and the data of a safetensors file, for tests that damage them. */
export interface FileParts {
  readonly header: Record<string, {shape: number[]}>;
  readonly data: Uint8Array;
}

/** The committed weights of a built-in system. */
export function readBuiltInWeights({weights}: SystemCard): Buffer {
  return readFileSync(repositoryPath(`public/models/${weights.builtInPath}`));
}

/** Takes a safetensors file apart. */
export function readFileParts(weights: Buffer): FileParts {
  const length = Number(weights.readBigUInt64LE(0));
  const header = JSON.parse(weights.subarray(8, 8 + length).toString()) as FileParts['header'];
  return {header, data: weights.subarray(8 + length)};
}

/** What nodes read though no constant, no input and no node before them gives it, and tensors that nothing gives. */
export function findLooseTensors(graph: Graph): readonly string[] {
  const known = new Set([...graph.tensors.values()].filter(({data}) => data).map(({name}) => name));
  graph.inputs.forEach((name) => known.add(name));
  const loose: string[] = [];
  for (const node of graph.nodes) {
    loose.push(...node.inputs.filter((name) => !known.has(name)));
    node.outputs.forEach((name) => known.add(name));
  }
  return [...loose, ...[...graph.tensors.keys()].filter((name) => !known.has(name))];
}

/** Tensors of the file that the graph has not; `normalise` and the scales go into others. */
export function findUnusedWeights({header}: FileParts, graph: Graph): readonly string[] {
  return Object.keys(header)
    .filter((name) => !['__metadata__', 'normalise'].includes(name))
    .map((name) => name.replace(/\.weight\.scale$/, '.weight'))
    .filter((name) => !graph.tensors.has(name));
}
