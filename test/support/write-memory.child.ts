/**
 * Writes a network of 400 MB in a process of its own, to a file, and prints how much memory that took.
 * Usage: node --import tsx write-memory.child.ts <folder> <one-by-one|all-at-once>; prints one line of JSON.
 */
import {open} from 'node:fs/promises';
import {join} from 'node:path';
import type {FileSink} from '../../src/formats/onnx/file-sink.ts';
import {writeOnnxFiles} from '../../src/formats/onnx/write-onnx-files.ts';
import {deferredChain} from './deferred-graph.ts';

/** What the child prints. */
export interface WriteMemoryReport {
  readonly weightBytes: number;
  readonly largestTensorBytes: number;
  /** By how much the process grew, at its largest. */
  readonly grownBytes: number;
}

/** Whether constants are let go of once they are written, as they must be, or kept: the control. */
export type Keeping = 'one-by-one' | 'all-at-once';

const WIDTH = 1600; // matrices of 10 MB
const COUNT = 40;

const [folder = '', keeping] = process.argv.slice(2);
const kept: Float32Array[] = [];
const graph = deferredChain(COUNT, WIDTH, (index) => {
  const values = new Float32Array(WIDTH ** 2).fill(index);
  if (keeping === 'all-at-once') kept.push(values);
  return Promise.resolve(values);
});

const sink: FileSink = {
  create: async (path) => {
    const file = await open(join(folder, path), 'w');
    return {write: (bytes) => file.writeFile(bytes), close: () => file.close()};
  },
};

const largestSoFar = (): number => process.resourceUsage().maxRSS * 1024;

const before = largestSoFar();
await writeOnnxFiles(graph, {precision: 'float32', sink});
const report: WriteMemoryReport = {
  weightBytes: COUNT * WIDTH ** 2 * 4,
  largestTensorBytes: WIDTH ** 2 * 4,
  grownBytes: largestSoFar() - before,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
