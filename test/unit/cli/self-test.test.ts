import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {describeSelfTest, testLoadedFile} from '../../../src/cli/self-test.ts';
import type {Model, Numerics} from '../../../src/engine/engine.ts';
import type {SystemCard} from '../../../src/systems/card.ts';
import {card as wav2letter} from '../../../src/systems/wav2letter/card.ts';
import {writeInt8Npy} from '../../support/npy.ts';

const INPUT = [1, -2, 3];
const OUTPUT = [5, -5];
const WEIGHTS_SHA256 = 'ab'.repeat(32);

const digestOf = (values: readonly number[]): string =>
  createHash('sha256').update(Int8Array.from(values)).digest('hex');

const card: SystemCard = {
  ...wav2letter,
  labels: ['a', 'b'],
  weights: {
    ...wav2letter.weights,
    accepted: [
      {
        sha256: WEIGHTS_SHA256,
        bytes: 1,
        what: 'the published file',
        vector: {
          input: {path: 'testing_input/0.npy', sha256: digestOf(INPUT)},
          output: {path: 'testing_output/0.npy', sha256: digestOf(OUTPUT)},
        },
      },
    ],
  },
};

/** A network that gives its output whatever it gets. */
function fakeModel(output: readonly number[], numerics: Numerics = 'int8-exact'): Model {
  return {
    engine: 'onnx',
    numerics,
    threadCount: 1,
    graph: {
      name: 'fake',
      inputs: ['x'],
      outputs: ['y'],
      tensors: new Map([
        ['x', {name: 'x', type: 'int8', shape: [1, INPUT.length]}],
        ['y', {name: 'y', type: 'int8', shape: [1, OUTPUT.length]}],
      ]),
      nodes: [],
    },
    run: () => Promise.resolve([Int8Array.from(output)]),
    dispose: () => undefined,
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-vector-'));
});
afterEach(() => {
  rmSync(folder, {recursive: true});
});

const write = (path: string, values: readonly number[]): void => {
  mkdirSync(dirname(join(folder, path)), {recursive: true});
  writeFileSync(join(folder, path), writeInt8Npy(values));
};
const subject = (model: Model, sha256 = WEIGHTS_SHA256) => ({
  card,
  model,
  weights: {file: join(folder, 'weights.tflite'), sha256},
});

describe('the self-test of the command line', () => {
  it('takes the published vector from beside the weights', async () => {
    write('testing_input/0.npy', INPUT);
    write('testing_output/0.npy', OUTPUT);
    const report = await testLoadedFile(subject(fakeModel(OUTPUT)), undefined);
    expect(report).toMatchObject({isPassed: true, equalShare: 1});
    expect(describeSelfTest(report!)).toBe(
      'self-test  passed: of the published output 100.00 % equal, 100.00 % within a step, ' +
        '100.00 % of the rows with the same best token',
    );
  });

  it('finds it by its digest in a folder that is named', async () => {
    write('some.npy', [1, 2, 3]);
    write('in.npy', INPUT);
    write('out.npy', OUTPUT);
    const report = await testLoadedFile(subject(fakeModel([-5, 5])), folder);
    expect(describeSelfTest(report!)).toMatch(/^self-test {2}FAILED: of the published output 0\.00 % equal/);
  });

  it('says why it was not run', async () => {
    const reasonOf = async (...args: Parameters<typeof testLoadedFile>): Promise<string> =>
      describeSelfTest((await testLoadedFile(...args))!);
    expect(await reasonOf(subject(fakeModel(OUTPUT)), undefined)).toBe(
      'self-test  not run: no testing_input/0.npy and testing_output/0.npy beside the weights, and no --vectors',
    );
    expect(await reasonOf(subject(fakeModel(OUTPUT), 'cd'), undefined)).toContain(
      'not run: these are not the weights that a vector is published for',
    );
    expect(await reasonOf(subject(fakeModel(OUTPUT, 'float32')), undefined)).toContain(
      'not run: the vector is for int8-exact, not float32',
    );
    write('testing_input/0.npy', OUTPUT); // another file of that name
    write('testing_output/0.npy', OUTPUT);
    expect(await reasonOf(subject(fakeModel(OUTPUT)), undefined)).toContain(
      'not run: no testing_input/0.npy',
    );
  });

  it('refuses a named folder that has it not, and is silent where the card knows of none', async () => {
    write('in.npy', INPUT);
    await expect(testLoadedFile(subject(fakeModel(OUTPUT)), folder)).rejects.toThrow(
      'got no published vector',
    );
    await expect(testLoadedFile(subject(fakeModel(OUTPUT)), join(folder, 'absent'))).rejects.toThrow(
      'absent',
    );
    const silent = {...subject(fakeModel(OUTPUT)), card: {...card, weights: {...card.weights, accepted: []}}};
    expect(await testLoadedFile(silent, undefined)).toBeUndefined();
  });
});
