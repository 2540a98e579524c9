import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {findWeights} from '../../../src/cli/find-weights.ts';
import {sha256Hex} from '../../../src/models/verify-weights.ts';
import type {SystemCard} from '../../../src/systems/card.ts';
import {card as published} from '../../../src/systems/micronet-large/card.ts';

const WEIGHTS = new Uint8Array([1, 2, 3, 4]);

let card: SystemCard;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-weights-'));
  const accepted = [{sha256: await sha256Hex(WEIGHTS), bytes: WEIGHTS.length, what: 'the published file'}];
  card = {...published, weights: {...published.weights, accepted}};
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Makes a folder with these files and gives its path. */
function writeFolder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(path, file), bytes);
  return path;
}

describe('weights in a folder', () => {
  it('are found by their digest, under any name', async () => {
    const sameSize = new Uint8Array([4, 3, 2, 1]);
    const models = writeFolder('full', {'a.tflite': sameSize, 'b.bin': WEIGHTS, 'c.txt': new Uint8Array(9)});
    mkdirSync(join(models, '0'));
    const found = await findWeights(card, {models, allowUnverified: false});
    expect(found).toMatchObject({file: join(models, 'b.bin'), verified: true, bytes: WEIGHTS});
  });

  it('are not taken by their name alone, even where unverified ones may run', async () => {
    const models = writeFolder('other', {[card.weights.name]: new Uint8Array([4, 3, 2, 1])});
    const finding = findWeights(card, {models, allowUnverified: true});
    await expect(finding).rejects.toThrow(
      `micronet-large: got no such file in ${models}, expected kws_micronet_l.tflite: the published file (4 bytes`,
    );
  });

  it('are looked for in a folder that is there', async () => {
    const models = join(writeFolder('one', {file: WEIGHTS}), 'file');
    await expect(findWeights(card, {models, allowUnverified: false})).rejects.toThrow(
      `${models}: got a file, expected a folder`,
    );
    await expect(findWeights(card, {models: `${models}s`, allowUnverified: false})).rejects.toThrow(
      'no such file',
    );
  });
});
