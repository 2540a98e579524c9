import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {repositoryPath} from '../test/support/repository.ts';

/** Below the repository, so that the page's server has it too; ignored by git. */
const FOLDER = '.cache/bench';

/** The published packages that ours is compared with, beside those in package.json. */
export const peerPackages = {
  porcupine: '@picovoice/porcupine-web@4.0.1',
  speechCommands: '@tensorflow-models/speech-commands@0.5.4',
  tfjs: '@tensorflow/tfjs@3.21.0', // the newest that speech-commands takes: it asks for ^3.0.0
  liteRt: '@litertjs/core@2.5.3',
  liteRtUtils: '@litertjs/wasm-utils@2.5.3',
  transformers: '@huggingface/transformers@4.3.1',
  transformersRuntime: 'onnxruntime-web@1.31.0-dev.20260914-8d85527a0', // the one that it asks for
  transformersCommon: 'onnxruntime-common@1.30.0', // the same
} as const;

/**
 * Folder of a package as published, relative to the repository; taken from the npm registry at the first call.
 * @param specifier name and version.
 * @throws Error where npm cannot get it.
 */
export function fetchPeerPackage(specifier: string): string {
  const folder = join(FOLDER, specifier.replace(/^@/, '').replace('/', '-'));
  if (existsSync(repositoryPath(folder))) return join(folder, 'package');
  mkdirSync(repositoryPath(FOLDER), {recursive: true});
  const unpacked = mkdtempSync(repositoryPath(join(FOLDER, 'unpack-')));
  try {
    const shown = {encoding: 'utf8', stdio: 'pipe'} as const;
    const packed = execFileSync(
      'npm',
      ['pack', '--silent', '--pack-destination', unpacked, specifier],
      shown,
    );
    execFileSync('tar', ['-xzf', packed.trim().split('\n').at(-1) ?? '', '-C', unpacked], {
      ...shown,
      cwd: unpacked,
    });
    renameSync(unpacked, repositoryPath(folder)); // only whole packages carry the name
  } catch (error) {
    rmSync(unpacked, {recursive: true, force: true});
    throw new Error(`npm could not get ${specifier}: ${String(error).split('\n')[0] ?? ''}`, {cause: error});
  }
  return join(folder, 'package');
}
