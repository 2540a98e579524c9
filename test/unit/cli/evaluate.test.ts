import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {earshot} from '../../support/earshot-command.ts';
import {repositoryPath} from '../../support/repository.ts';
import {hasShared, sharedPath} from '../../support/shared.ts';

const YES = repositoryPath('test/fixtures/audio/yes.flac');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-cli-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Writes a file into the test's folder and gives its path. */
function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A folder of clips: "yes" in FLAC and in WAV, under the given labels. */
function writeIndex(...labels: readonly string[]): string {
  const names = labels.map((label, index) => {
    const name = index % 2 === 0 ? 'yes.flac' : 'yes.wav';
    write(name, readFileSync(repositoryPath(`test/fixtures/audio/${name}`)));
    return {file: name, label, speaker: 'espeak'};
  });
  write('index.jsonl', names.map((clip) => `${JSON.stringify(clip)}\n`).join(''));
  return folder;
}

describe('earshot evaluate --data', () => {
  it('counts clips, accuracies, recalls and the confusion, and lists every answer', async () => {
    const data = writeIndex('yes', 'yes', 'no', '_silence_');
    const {code, stdout, stderr} = await earshot('evaluate', 'earshot-kws', '--data', data, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as Record<string, unknown> & {
      confusion: {labels: string[]; counts: number[][]};
      recall: Record<string, number | null>;
      results: {file: string; label: string; predicted: string; posterior: number}[];
      expectedCalibrationError: number;
      reliability: {count: number; meanConfidence: number | null; rightShare: number | null}[];
    };
    expect(report).toMatchObject({
      system: 'earshot-kws',
      protocol: 'clips',
      clips: 4,
      accuracy: 2 / 4,
      accuracyWithoutSilence: 2 / 3,
      weights: {verified: true},
    });
    expect(report.recall).toMatchObject({yes: 1, no: 0, _silence_: 0, stop: null});
    const {labels, counts} = report.confusion;
    const heardAsYes = (said: string) => counts[labels.indexOf(said)]?.[labels.indexOf('yes')];
    expect(['yes', 'no', '_silence_', 'go'].map(heardAsYes)).toEqual([2, 1, 1, 0]);
    expect(counts.flat().reduce((total, count) => total + count, 0)).toBe(4);
    expect(report['timePerClipMs']).toBeGreaterThan(0);
    expect(report.reliability.map(({count}) => count)).toEqual([...Array<number>(14).fill(0), 4]);
    expect(report.reliability[0]).toMatchObject({meanConfidence: null, rightShare: null});
    const {meanConfidence, rightShare} = report.reliability[14] ?? {};
    expect(rightShare).toBe(2 / 4);
    expect(report.expectedCalibrationError).toBeCloseTo((meanConfidence ?? NaN) - 2 / 4, 12);
    expect(report.results.map(({file, label, predicted}) => [file, label, predicted])).toEqual([
      ['yes.flac', 'yes', 'yes'],
      ['yes.wav', 'yes', 'yes'],
      ['yes.flac', 'no', 'yes'],
      ['yes.wav', '_silence_', 'yes'],
    ]);
  });

  it('prints the same for people', async () => {
    const {stdout} = await earshot('evaluate', 'earshot-kws', '--data', writeIndex('yes', 'no', '_silence_'));
    expect(stdout).toMatch(/^engine {5}tfjs, float32$/m);
    expect(stdout).toMatch(/^accuracy {3}33\.33 % over all\n {11}50\.00 % without _silence_$/m);
    expect(stdout).toMatch(/^said \\ heard +recall +_silence_ +_unknown_ +yes/m);
    expect(stdout).toMatch(/^yes +100\.00 % +0 +0 +1( +0){9}$/m);
    expect(stdout).toMatch(/^stop +–( +0){12}$/m);
    expect(stdout).toMatch(/^ECE {8}6\d\.\d\d % over all, 15 bins$/m);
    expect(stdout).toMatch(
      /^confidence +clips +mean confidence +right\n93\.33 % – 100\.00 % +3 +9\d\.\d\d % +33\.33 %$/m,
    );
  });

  it('spreads --limit over the index', async () => {
    const data = writeIndex('yes', 'yes', 'no', 'no', 'go', 'go');
    const {stdout} = await earshot('evaluate', 'earshot-kws', '--data', data, '--limit', '3', '--json');
    const {results} = JSON.parse(stdout) as {results: {label: string}[]};
    expect(results.map(({label}) => label)).toEqual(['yes', 'no', 'go']);
  });

  it.each([
    [
      '{"file": "yes.flac", "label": "bed"}',
      /yes\.flac: got label "bed", expected one of: _silence_, _unknown_, yes/,
    ],
    [
      '{"file": "yes.flac"}',
      /index\.jsonl line 1: got \{"file": "yes\.flac"\}, expected \{"file": "…", "label"/,
    ],
    ['\n["yes.flac", "yes"]', /index\.jsonl line 2: got \["yes\.flac", "yes"\], expected a JSON object/],
    ['{"file"', /index\.jsonl line 1: .*JSON/],
    ['', /index\.jsonl: got no clips/],
    ['{"file": "gone.flac", "label": "yes"}', /gone\.flac: no such file/],
  ])('says what is wrong with an index of %j', async (index, message) => {
    write('index.jsonl', index);
    const {code, stderr} = await earshot('evaluate', 'earshot-kws', '--data', folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe('earshot evaluate over several systems or folders', () => {
  /** Two folders of one clip each: one that is labelled right, one that is labelled wrong. */
  function writeTwoFolders(): [right: string, wrong: string] {
    const clip = readFileSync(YES);
    const [right, wrong] = ['yes', 'no'].map((label) => {
      mkdirSync(join(folder, label), {recursive: true});
      write(join(label, 'clip.flac'), clip);
      write(join(label, 'index.jsonl'), JSON.stringify({file: 'clip.flac', label}));
      return join(folder, label);
    });
    return [right ?? '', wrong ?? ''];
  }

  it('prints a row per figure and folder, a column per system', async () => {
    const [right, wrong] = writeTwoFolders();
    const {code, stdout, stderr} = await earshot('evaluate', 'earshot-kws', '--data', right, '--data', wrong);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/^system /gm)).toHaveLength(1);
    expect(stdout).toContain(`data       ${right}, 1 clips\ndata       ${wrong}, 1 clips\n`);
    expect(stdout).toMatch(
      /^ +data +earshot-kws\naccuracy +yes +100\.00 %\n +no +0\.00 %\nwithout _silence_ +yes /m,
    );
    expect(stdout).toMatch(/^ECE +yes +\d\.\d\d %\n +no +9\d\.\d\d %$/m);
    expect(stdout).toMatch(/^recall yes +yes +100\.00 %\n +no +–\nrecall no +yes +–\n +no +0\.00 %$/m);
  });

  it('gives in JSON the document of each system over each folder', async () => {
    const [right, wrong] = writeTwoFolders();
    const args = ['evaluate', 'earshot-kws', '--json', '--data', right];
    const both = JSON.parse((await earshot(...args, '--data', wrong)).stdout) as {evaluations: object[]};
    const alone = JSON.parse((await earshot(...args)).stdout) as object;
    const anyTime = {timePerClipMs: expect.any(Number) as number};
    expect(both.evaluations).toEqual([
      {...alone, ...anyTime},
      expect.objectContaining({system: 'earshot-kws', data: wrong, accuracy: 0}),
    ]);
  });

  it('says which weights are missing before it measures anything', async () => {
    const [right] = writeTwoFolders();
    const {code, stdout, stderr} = await earshot('evaluate', 'earshot-kws', 'ds-cnn-large', '--data', right);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^earshot: ds-cnn-large: got no --weights or --models, expected /);
  });

  const skipped = hasShared ? '' : ' (skipped: ../shared is absent)';
  it.skipIf(!hasShared)(`finds each system’s weights in the folder of --models${skipped}`, async () => {
    const [right] = writeTwoFolders();
    const ids = ['ds-cnn-clustered', 'earshot-kws', 'micronet-large'];
    const args = ['evaluate', ...ids, '--models', sharedPath('models'), '--data', right];
    const {stdout} = await earshot(...args);
    expect(stdout).toMatch(/^ +data +ds-cnn-clustered +earshot-kws +micronet-large$/m);
    expect(stdout).toMatch(/^accuracy +yes( +100\.00 %){3}$/m);
    const {evaluations} = JSON.parse((await earshot(...args, '--json')).stdout) as {
      evaluations: {system: string; weights: {file: string; verified: boolean}}[];
    };
    expect(evaluations.map(({system}) => system)).toEqual(ids);
    expect(evaluations[2]?.weights).toMatchObject({
      file: sharedPath('models/micronet_large_int8.tflite'),
      verified: true,
    });
  });
});

describe('earshot evaluate --stream', () => {
  interface StreamReport {
    readonly detectionCount: number;
    readonly detectionsPerHour: number;
    readonly missCount?: number;
    readonly falseAcceptCount?: number;
    readonly falseAcceptsPerHour?: number;
    readonly falseRejectRate?: number | null;
    readonly files: {misses?: object[]; falseAccepts?: {keyword: string}[]}[];
  }
  const evaluate = async (...args: string[]): Promise<StreamReport> => {
    const {code, stdout, stderr} = await earshot(
      'evaluate',
      'earshot-kws',
      '--stream',
      YES,
      '--json',
      ...args,
    );
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as StreamReport;
  };

  it('counts detections per hour where nothing is labelled', async () => {
    const report = await evaluate();
    expect(report).toMatchObject({detectionCount: 1, detectionsPerHour: 3600});
    expect(report).not.toHaveProperty('missCount');
  });

  it('counts hits, misses and false accepts per hour where words are labelled', async () => {
    const words = [
      {file: YES, keyword: 'yes', startTime: 250, endTime: 700},
      {file: YES, keyword: 'stop', startTime: 250, endTime: 700},
    ];
    const array = write('labels.json', JSON.stringify(words));
    const hit = {wordCount: 2, hitCount: 1, missCount: 1, falseRejectRate: 0.5, falseAcceptCount: 0};
    expect(await evaluate('--labels', array)).toMatchObject({...hit, falseAcceptsPerHour: 0});
    const lines = write('labels.jsonl', words.map((word) => JSON.stringify(word)).join('\n'));
    expect(await evaluate('--labels', lines)).toMatchObject(hit);
  });

  it('leaves out words that are not listened for', async () => {
    const labels = write(
      'labels.json',
      JSON.stringify([{file: YES, keyword: 'stop', startTime: 0, endTime: 900}]),
    );
    expect(await evaluate('--labels', labels, '--keywords', 'yes')).toMatchObject({
      wordCount: 0,
      falseRejectRate: null,
      falseAcceptCount: 1,
      falseAcceptsPerHour: 3600,
    });
  });

  it('takes the tolerance into account, and lists what was missed and falsely heard', async () => {
    const early = [{file: 'elsewhere/yes.flac', keyword: 'yes', startTime: 0, endTime: 100}];
    const labels = write('labels.json', JSON.stringify(early));
    expect(await evaluate('--labels', labels, '--tolerance', '1000')).toMatchObject({hitCount: 1});
    const strict = await evaluate('--labels', labels, '--tolerance', '50');
    expect(strict).toMatchObject({hitCount: 0, missCount: 1, falseAcceptCount: 1});
    expect(strict.files[0]).toMatchObject({misses: [{startTime: 0}], falseAccepts: [{keyword: 'yes'}]});
    const {stdout} = await earshot(
      ...['evaluate', 'earshot-kws', '--stream', YES, '--labels', labels, '--tolerance', '50'],
    );
    expect(stdout).toMatch(/^misses {5}1 \(100\.00 %\)\nfalse {6}1, 3600\.00 per hour$/m);
    expect(stdout).toMatch(/0\.00 s – 0\.10 s {2}yes +missed$/m);
    expect(stdout).toMatch(/ yes +0\.\d{3} {2}false$/m);
  });

  it.each([
    [
      '[{"file": "other.wav", "keyword": "yes", "startTime": 0, "endTime": 1}]',
      'got labels of other.wav, expected',
    ],
    [
      '[{"file": "yes.flac", "keyword": "bed", "startTime": 0, "endTime": 1}]',
      'got keyword "bed", expected one of',
    ],
    [
      '[{"file": "yes.flac", "keyword": "yes", "startTime": 2, "endTime": 1}]',
      'entry 1: got {"file":"yes.flac"',
    ],
    ['{"file": "yes.flac", "keyword": "yes", "startTime": "0", "endTime": 1}', 'line 1: got'],
    ['[1', 'labels.json: '],
  ])('says what is wrong with labels of %j', async (content, message) => {
    const labels = write('labels.json', content);
    const {code, stderr} = await earshot('evaluate', 'earshot-kws', '--stream', YES, '--labels', labels);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('earshot evaluate of a transcriber', () => {
  it('refuses what only keyword spotters have', async () => {
    const {code, stderr} = await earshot('evaluate', 'wav2letter', '--stream', YES);
    expect(code).toBe(2);
    expect(stderr).toContain('expected one of each, with --data');
    const both = await earshot('evaluate', 'wav2letter', 'earshot-kws', '--data', folder);
    expect(both.stderr).toContain('expected one of each, with --data');
  });

  it('says which file the weights are and where to get it', async () => {
    write('index.jsonl', `${JSON.stringify({file: 'yes.wav', text: 'YES'})}\n`);
    const {code, stderr} = await earshot('evaluate', 'wav2letter', '--data', folder);
    expect(code).toBe(1);
    expect(stderr).toContain('expected wav2letter_pruned_int8.tflite');
  });

  it('refuses a beam that is no number', async () => {
    const {code, stderr} = await earshot('evaluate', 'wav2letter', '--data', folder, '--beam', 'wide');
    expect(code).toBe(2);
    expect(stderr).toContain('--beam: got "wide", expected a whole number of 1 to 256');
  });
});
