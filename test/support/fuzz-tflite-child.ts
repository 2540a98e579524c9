import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {fuzzTflite} from './tflite-fuzz.ts';

/** Entry of the child process: `fuzz-tflite-child.ts SEED COUNT FILE…`, prints the report as one line of JSON. */
const [seed, count, ...paths] = process.argv.slice(2);
const files = new Map(paths.map((path) => [basename(path), new Uint8Array(readFileSync(path))]));
const report = fuzzTflite({files, seed: Number(seed), count: Number(count), read: readTflite});
process.stdout.write(JSON.stringify(report));
