import {execFile} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readPackageJson, repositoryPath} from '../support/repository.ts';

const run = promisify(execFile);
const bin = readPackageJson().bin?.['earshot'] ?? '';

let installed = '';
beforeAll(() => {
  // as npm lays it out: what `files` names, but neither sources nor public/, and no package beside it
  installed = mkdtempSync(join(tmpdir(), 'earshot-package-'));
  for (const part of ['package.json', 'dist/cli', 'dist/package']) {
    cpSync(repositoryPath(part), join(installed, part), {recursive: true});
  }
});
afterAll(() => rmSync(installed, {recursive: true}));

describe('the built command', () => {
  it('is what package.json names as `earshot`, with a line that says that Node runs it', () => {
    expect(readFileSync(join(installed, bin), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it.each(['tfjs', 'onnx'])(
    'spots a keyword with the built-in model and %s, without the sources',
    async (engine) => {
      const clip = repositoryPath('test/fixtures/audio/yes.flac');
      const args = [join(installed, bin), 'spot', clip, '--engine', engine, '--json'];
      const {stdout, stderr} = await run(process.execPath, args, {cwd: tmpdir()});
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({
        system: 'earshot-kws',
        engine,
        weights: {
          file: join(installed, 'dist/package/models/earshot-kws/earshot-kws.safetensors'),
          verified: true,
        },
        files: [{detections: [{keyword: 'yes'}]}],
      });
    },
  );
});
