import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {isKept, partOf} from '../../../scripts/offline-parts.ts';
import {listRelease} from '../../../scripts/offline-worker.ts';

describe('a file of a build', () => {
  it.each([
    ['index.html', 14_000, undefined],
    ['some-new-code-AbC_-123.js', 150_000, undefined],
    ['tfjs-runtime-CUQ_s6T1.js', 250_000, undefined],
    ['tfjs-backend-wasm-simd-BrM3BlWr.wasm', 420_000, undefined],
    ['models/earshot-kws/earshot-kws.safetensors', 5_000_000, undefined],
    ['models/earshot-ctc/earshot-ctc.safetensors', 2_400_000, 'earshot-ctc'],
    ['models/earshot-lm/earshot-lm.bin', 2_400_000, 'earshot-ctc'],
    ['ort-wasm-simd-threaded-DcHrbrbl.wasm', 14_000_000, 'onnx'],
    ['ort.wasm.bundle.min-B3CAXBL7.js', 71_000, 'onnx'],
    ['ort-wasm-simd-threaded.asyncify-D5D0fo7z.wasm', 27_000_000, 'onnx-webgpu'],
    ['ort.webgpu.bundle.min-Cd_TD9oh.js', 116_000, 'onnx-webgpu'],
    ['tfjs-backend-wasm-BIA8cDLW.wasm', 311_000, 'other'],
  ])('%s of %i bytes is of the part: %s', (path, bytes, part) => {
    expect(partOf(path, bytes)).toBe(part);
  });

  it('is not kept where nothing runs it, or the worker stores it itself', () => {
    const paths = [
      'third-party-licences.md',
      'define.js.map',
      'models/wav2vec2-base/model.onnx',
      'define.js',
    ];
    expect(paths.filter(isKept)).toEqual(['define.js']);
  });
});

describe('the list of a build', () => {
  let folder: string;
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), content);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-release-'));
    write('index.html', 'page');
    write('models/earshot-lm/earshot-lm.bin', 'words');
    write('offline.sw.js', 'the worker itself');
  });
  afterEach(() => {
    rmSync(folder, {recursive: true});
  });

  it('has every file but the service worker, with its digest and part', async () => {
    const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
    expect((await listRelease(folder)).files).toEqual({
      'index.html': {sha256: sha256('page')},
      'models/earshot-lm/earshot-lm.bin': {sha256: sha256('words'), part: 'earshot-ctc'},
    });
  });

  it('is of another version where a file is another one, or has another name', async () => {
    const {version} = await listRelease(folder);
    expect((await listRelease(folder)).version).toBe(version);
    write('index.html', 'Page');
    const changed = (await listRelease(folder)).version;
    write('index.html', 'page');
    write('more.js', '');
    const versions = [version, changed, (await listRelease(folder)).version];
    expect(new Set(versions).size).toBe(3);
  });
});
