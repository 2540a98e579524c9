import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {fuzzCheckpoints} from './checkpoint-fuzz.ts';
import {fuzzTflite} from './tflite-fuzz.ts';

/**
 * Entry of the child process: `fuzz-child.ts FORMAT SEED COUNT FILE…`, where FORMAT is `tflite` or `checkpoint`; prints
 * the report as one line of JSON.
 */
const [format, seedText, countText, ...paths] = process.argv.slice(2);
const files = new Map(paths.map((path) => [basename(path), new Uint8Array(readFileSync(path))]));
const [seed, count] = [Number(seedText), Number(countText)];
const running =
  format === 'tflite'
    ? fuzzTflite({files, seed, count, read: readTflite})
    : fuzzCheckpoints({files, seed, count});
void running.then((report) => process.stdout.write(JSON.stringify(report)));
