import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {goldenRoot} from '../support/goldens.ts';
import {seededCheckpoint, seededValues} from '../support/seeded-checkpoint.ts';

const golden = JSON.parse(readFileSync(join(goldenRoot, 'seeded.json'), 'utf8')) as {
  readonly seed: number;
  readonly tensors: readonly {name: string; shape: readonly number[]; values: readonly number[]}[];
  readonly audio: readonly number[];
};

describe('seeded weights', () => {
  const {seed} = golden;
  const shapes = Object.fromEntries(golden.tensors.map(({name, shape}) => [name, shape]));
  const checkpoint = seededCheckpoint(shapes, {seed});

  it.each(golden.tensors)('$name is what test/referee/seeded.py makes', async ({name, values}) => {
    expect(await checkpoint.tensors.get(name)?.read()).toEqual(Float32Array.from(values));
  });

  it('give audio too', () => {
    expect(seededValues('audio', 8, {centre: 0, amplitude: 0.5}, seed)).toEqual(
      Float32Array.from(golden.audio),
    );
  });
});
