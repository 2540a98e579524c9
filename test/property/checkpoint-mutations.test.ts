import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Checkpoint} from '../../src/formats/checkpoint/checkpoint.ts';
import {fuzzCheckpoints} from '../support/checkpoint-fuzz.ts';
import {deepspeechPackage, python2Dictionary} from '../support/deepspeech-package.ts';
import {joinPieces, type FilePiece} from '../support/file-pieces.ts';
import {repositoryPath} from '../support/repository.ts';
import {expectSafeFuzz} from '../support/run-fuzz.ts';
import {writeSafetensors} from '../support/safetensors.ts';
import {writeZip} from '../support/zip-writer.ts';

const SEED = 20_261_121;
const COUNT = 5000;
const DEFLATED_COUNT = 300;
const FIXTURES = repositoryPath('test/fixtures/checkpoints');

const package2018 = deepspeechPackage();

describe(`${COUNT} seeded mutations of checkpoints, in a child process`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-fuzz-'));
  });
  afterAll(() => {
    rmSync(folder, {recursive: true});
  });

  it('give typed errors or tensors, in time and memory: files by torch.save', () => {
    const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.pth') && !name.startsWith('views'));
    const paths = names.map((name) => join(FIXTURES, name));
    expectSafeFuzz({format: 'checkpoint', paths, seed: SEED, count: COUNT});
  }, 120_000);

  it('give typed errors or tensors, in time and memory: streams of 2018, in a ZIP too, and safetensors', () => {
    const header = {
      a: {dtype: 'F16', shape: [2, 3], data_offsets: [0, 12]},
      b: {dtype: 'F64', shape: [], data_offsets: [12, 20]},
    };
    const paths = write({
      'package.pth': package2018,
      'python2.pth': python2Dictionary(),
      'stored.zip': writeZip([{name: 'a.pth', content: package2018}], {isZip64: true}),
      'two.safetensors': [writeSafetensors(header, new Uint8Array(20))],
    });
    expectSafeFuzz({format: 'checkpoint', paths, seed: SEED + 1, count: COUNT});
  }, 120_000);

  // fewer, since each starts streams of its own
  it(`give typed errors or tensors, in time and memory: ${DEFLATED_COUNT} of a deflated stream`, () => {
    const paths = write({
      'deflated.zip': writeZip([{name: 'a.pth', content: package2018, isDeflated: true}]),
    });
    expectSafeFuzz({format: 'checkpoint', paths, seed: SEED + 2, count: DEFLATED_COUNT});
  }, 120_000);

  function write(files: Readonly<Record<string, readonly FilePiece[]>>): string[] {
    return Object.entries(files).map(([name, pieces]) => {
      writeFileSync(join(folder, name), joinPieces(pieces));
      return join(folder, name);
    });
  }
});

describe('the mutation test itself', () => {
  it('reports a checkpoint whose tensor has other values than its shape says', async () => {
    const files = new Map([['package', joinPieces(deepspeechPackage())]]);
    const tensor = {name: 'w', type: 'F32', shape: [3], read: () => Promise.resolve(new Float32Array(2))};
    const checkpoint: Checkpoint = {format: 'torch-zip', tensors: new Map([['w', tensor]]), metadata: {}};
    const report = await fuzzCheckpoints({files, seed: 7, count: 1, open: () => Promise.resolve(checkpoint)});
    expect(report.faults[0]?.problem).toBe('2 values of w, expected 3');
  });
});
