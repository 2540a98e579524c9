import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {CliError} from '../../../src/cli/cli-error.ts';
import {importFile, type ImportFileRequest} from '../../../src/cli/import-file.ts';
import {readImportedFolder} from '../../../src/cli/imported-folder.ts';
import {findImported} from '../../../src/cli/imported-weights.ts';
import {deflatedZip} from '../../support/deflated-zip.ts';
import {fakeCheckpointFile, fakeCheckpointSystem} from '../../support/fake-checkpoint-system.ts';

const FILES = ['manifest.json', 'model.onnx', 'model.onnx.data'];
const system = fakeCheckpointSystem();

let folder = '';
let file = '';
let out = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-import-'));
  file = join(folder, 'fake.safetensors');
  writeFileSync(file, fakeCheckpointFile());
});
beforeEach(() => {
  out = join(mkdtempSync(join(folder, 'out-')), 'deeper', 'fake');
});
afterAll(() => rmSync(folder, {recursive: true}));

function request(change: Partial<ImportFileRequest> = {}): ImportFileRequest {
  return {file, system, precision: 'float32', out, allowUnverified: false, ...change};
}

describe('importing a file into a folder', () => {
  it('writes the network and its manifest, and nothing else', async () => {
    const manifest = await importFile(request());
    expect(readdirSync(out)).toEqual(FILES);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(manifest.source.name).toBe('fake.safetensors');
  });

  it('replaces what an earlier import wrote there, and leaves other files alone', async () => {
    await importFile(request());
    writeFileSync(join(out, 'notes.txt'), 'mine');
    await importFile(request({precision: 'int8'}));
    expect(readdirSync(out)).toEqual([...FILES, 'notes.txt']);
    const {manifest} = await readImportedFolder(out, system.card, {});
    expect(manifest.precision).toBe('int8');
  });

  it.each(['new', 'full'])('leaves a %s folder as it was where the file does not fit', async (state) => {
    if (state === 'full') await importFile(request());
    const parent = join(out, '..', '..');
    const before = readdirSync(parent, {recursive: true});
    const other = join(folder, 'other.safetensors');
    writeFileSync(other, fakeCheckpointFile({'encoder.weight': new Float32Array(1024)}));
    const importing = importFile(request({file: other}));
    await expect(importing).rejects.toMatchObject({code: 'model-format'});
    await expect(importing).rejects.toThrow(`${other}: got no square.weight`);
    expect(readdirSync(parent, {recursive: true})).toEqual(before);
    if (state === 'full') await readImportedFolder(out, system.card, {});
  });

  it('leaves nothing where it is called off while it writes', async () => {
    const importing = importFile(
      request({
        onProgress: ({phase}) => {
          if (phase === 'import') process.emit('SIGINT');
        },
      }),
    );
    await expect(importing).rejects.toThrow('interrupted');
    expect(readdirSync(join(out, '..', '..'))).toEqual([]);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('takes a checkpoint that is deflated in a ZIP', async () => {
    const zip = join(folder, 'fake.zip');
    writeFileSync(zip, deflatedZip('fake.safetensors', fakeCheckpointFile()));
    await importFile(request({file: zip}));
    expect(readdirSync(out)).toEqual(FILES);
  });
});

it('refuses a pickle that would run something, and names what', async () => {
  const hostile = join(folder, 'hostile.pth');
  writeFileSync(hostile, '\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1');
  const importing = importFile(request({file: hostile}));
  await expect(importing).rejects.toMatchObject({code: 'model-format'});
  await expect(importing).rejects.toThrow('os.system');
});

describe('weights of a system that is imported', () => {
  const choice = {allowUnverified: false, numerics: undefined};

  it('are the folder of an import', async () => {
    await importFile(request({precision: 'int8'}));
    const {place, network} = await findImported(system, {...choice, weights: out});
    expect([place, network.numerics]).toEqual([out, 'int8-dynamic']);
  });

  it.each([
    [undefined, 'int8-dynamic'],
    ['float32', 'float32'],
  ] as const)('are a checkpoint, imported for this once: numerics %s', async (numerics, expected) => {
    const {place, network} = await findImported(system, {...choice, weights: file, numerics});
    expect([place, network.numerics]).toEqual([file, expected]);
  });

  it('are found in a folder of models, imported or by their size', async () => {
    const models = mkdtempSync(join(folder, 'models-'));
    writeFileSync(join(models, 'any-name'), fakeCheckpointFile());
    const size = fakeCheckpointFile().length;
    const accepted = [{sha256: '0'.repeat(64), bytes: size, what: 'the published file'}];
    const pinned = fakeCheckpointSystem(accepted);
    const found = await findImported(pinned, {...choice, allowUnverified: true, models});
    expect(found.place).toBe(join(models, 'any-name'));
    await importFile(request({out: join(models, 'fake-checkpoint')}));
    expect((await findImported(pinned, {...choice, allowUnverified: true, models})).place).toBe(
      join(models, 'fake-checkpoint'),
    );
  });

  it('are refused in other numerics than those of the import, and asked for where nothing is named', async () => {
    await importFile(request());
    const other = findImported(system, {...choice, weights: out, numerics: 'int8-dynamic'});
    await expect(other).rejects.toThrow(
      `${out}: got numerics int8-dynamic, expected float32: fake-checkpoint was imported as float32`,
    );
    const nothing = findImported(system, choice);
    await expect(nothing).rejects.toThrow(CliError);
    await expect(nothing).rejects.toThrow(
      'fake-checkpoint: got no --weights or --models, expected fake.pth; or a folder that earshot import made of it',
    );
  });

  it('are refused where a file of the folder was changed', async () => {
    await importFile(request());
    const path = join(out, 'model.onnx.data');
    writeFileSync(
      path,
      readFileSync(path).map((byte, place) => (place === 5 ? byte ^ 1 : byte)),
    );
    const opening = findImported(system, {...choice, weights: out});
    await expect(opening).rejects.toMatchObject({code: 'model-integrity'});
  });
});
