import {openAsBlob, readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {openCheckpoint} from '../../../../src/formats/checkpoint/checkpoint.ts';
import {repositoryPath} from '../../../support/repository.ts';

interface Expected {
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  readonly tensors: Readonly<Record<string, {type: string; shape: number[]; values: number[]}>>;
}

const FOLDER = repositoryPath('test/fixtures/checkpoints');
const expected = JSON.parse(readFileSync(`${FOLDER}/expected.json`, 'utf8')) as Record<string, Expected>;

async function readAll(path: string): Promise<Expected & {format: string}> {
  const {format, tensors, metadata} = await openCheckpoint(await openAsBlob(path));
  const read: [string, Expected['tensors'][string]][] = [];
  for (const [name, tensor] of tensors) {
    const {type, shape} = tensor;
    read.push([name, {type, shape: [...shape], values: Array.from(await tensor.read())}]);
  }
  return {format, metadata, tensors: Object.fromEntries(read)};
}

describe('openCheckpoint reads what torch.save wrote', () => {
  const cases = Object.keys(expected).flatMap((name) => [
    {name, file: `${name}.zip.pth`, format: 'torch-zip'},
    {name, file: `${name}.legacy.pth`, format: 'torch-legacy'},
  ]);
  it.each([...cases, {name: 'package', file: 'package.protocol4.pth', format: 'torch-zip'}])(
    '$file',
    async ({name, file, format}) => {
      const got = await readAll(`${FOLDER}/${file}`);
      expect(got.format).toBe(format);
      expect(got.metadata).toEqual(expected[name]?.metadata);
      expect(Object.keys(got.tensors)).toEqual(Object.keys(expected[name]?.tensors ?? {}));
      expect(got.tensors).toEqual(float32(expected[name]?.tensors ?? {}));
    },
  );
});

/** PyTorch's values as doubles, rounded as reading rounds them. */
function float32(tensors: Expected['tensors']): Expected['tensors'] {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      {...tensor, values: tensor.values.map((value) => Math.fround(value))},
    ]),
  );
}
