import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {earshot} from '../../support/earshot-command.ts';
import {readMono} from '../../support/recordings.ts';
import {repositoryPath} from '../../support/repository.ts';
import {smallCheckpoints} from '../../support/small-checkpoints.ts';
import {concatenate, silence, writeWav} from '../../support/wav.ts';

const WORD = repositoryPath('test/fixtures/speech/left.wav');

let folder = '';
const checkpointOf = (systemId: string): string => join(folder, `${systemId}.safetensors`);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-transcribe-'));
  for (const [systemId, write] of Object.entries(smallCheckpoints)) await write(checkpointOf(systemId));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe.each(Object.keys(smallCheckpoints))('%s from a checkpoint', (systemId) => {
  it('transcribes in 8 bits, and in float32 where asked for', async () => {
    const choice = ['--system', systemId, '--weights', checkpointOf(systemId), '--allow-unverified'];
    const int8 = await earshot('transcribe', WORD, ...choice, '--format', 'json');
    expect([int8.code, int8.stderr]).toEqual([0, expect.stringContaining('engine     onnx, int8-dynamic')]);
    expect(int8.stderr).toContain('weights    UNVERIFIED');
    expect(int8.stderr).toMatch(/left\.wav: \d utterances, real-time factor \d+\.\d+/);
    const float32 = await earshot('transcribe', WORD, ...choice, '--numerics', 'float32');
    expect([float32.code, float32.stderr]).toEqual([0, expect.stringContaining('engine     onnx, float32')]);
  });

  it('is evaluated like every other system, once from the file and once from the folder of its import', async () => {
    const data = join(folder, 'data');
    const out = join(folder, `${systemId}-imported`);
    const imported = ['--system', systemId, '--precision', 'int8', '--out', out, '--allow-unverified'];
    expect((await earshot('import', checkpointOf(systemId), ...imported)).code).toBe(0);
    writeData(data);
    const results = [];
    for (const weights of [checkpointOf(systemId), out]) {
      const args = [systemId, '--weights', weights, '--allow-unverified', '--data', data, '--json'];
      const {code, stdout, stderr} = await earshot('evaluate', ...args);
      expect([code, stderr]).toEqual([0, '']);
      results.push(JSON.parse(stdout) as Evaluation);
    }
    const [fromFile, fromFolder] = results;
    expect(fromFile).toMatchObject({
      system: systemId,
      protocol: 'utterances',
      utterances: 1,
      decoding: 'greedy',
    });
    expect(fromFile?.realTimeFactor).toBeGreaterThan(0);
    expect(fromFile?.wordErrors).toHaveProperty('substitutions');
    const asOne = ['--segmentation', 'none', '--decoding', 'greedy', '--weights', out, '--allow-unverified'];
    const word = join(data, 'word.wav');
    const transcribed = await earshot('transcribe', word, '--system', systemId, ...asOne);
    expect(transcribed.stdout.trim()).toBe(fromFolder?.results[0]?.heard);
    expect(fromFolder?.results.map(({heard}) => heard)).toEqual(fromFile?.results.map(({heard}) => heard));
  });
});

it('names the utterance that is too long to be run whole', async () => {
  const data = join(folder, 'long');
  writeData(data, 37);
  const weights = ['--weights', checkpointOf('wav2vec2-base'), '--allow-unverified'];
  const {code, stderr} = await earshot('evaluate', 'wav2vec2-base', ...weights, '--data', data);
  expect(code).toBe(1);
  expect(stderr).toContain(`${join(data, 'word.wav')}: got an utterance of 37.`);
  expect(stderr).toContain('expected at most 36.0 s: wav2vec2-base runs utterances whole');
});

interface Evaluation {
  readonly realTimeFactor: number;
  readonly wordErrors: object;
  readonly results: readonly {readonly heard: string}[];
}

/** A folder of one utterance: a word, then silence. */
function writeData(data: string, silenceSeconds = 1): void {
  mkdirSync(data, {recursive: true});
  const samples = concatenate([readMono(WORD), silence(1000 * silenceSeconds, 16_000)]);
  writeWav(join(data, 'word.wav'), samples, 16_000);
  writeFileSync(join(data, 'index.jsonl'), `${JSON.stringify({file: 'word.wav', text: 'LEFT'})}\n`);
}
