import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {card} from '../../../src/systems/earshot-kws/card.ts';
import {earshot, spawnEarshot} from '../../support/earshot-command.ts';
import {repositoryPath} from '../../support/repository.ts';

const YES = repositoryPath('test/fixtures/audio/yes.flac');
const NOISE = repositoryPath('test/fixtures/audio/noise.wav');
const WEIGHTS = repositoryPath('public/models/earshot-kws/earshot-kws.safetensors');
const KEYWORDS = ['yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go'];

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

describe('earshot as a process', () => {
  it('prints exactly one JSON document on the standard output and ends with 0', async () => {
    const {code, stdout, stderr} = await spawnEarshot(folder, 'spot', YES, NOISE, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      system: 'earshot-kws',
      engine: 'tfjs',
      numerics: 'float32',
      weights: {file: WEIGHTS, verified: true, what: 'the file built into Earshot'},
      keywords: KEYWORDS,
      files: [
        {file: YES, durationMs: 1000, detections: [{keyword: 'yes'}]},
        {file: NOISE, durationMs: 300, detections: []},
      ],
    });
    const [{detections}] = report['files'] as [
      {detections: [{score: number; startTime: number; endTime: number}]},
    ];
    const [{score, startTime, endTime}] = detections;
    expect(score).toBeGreaterThanOrEqual(report['threshold'] as number);
    expect(startTime).toBeGreaterThanOrEqual(0);
    expect(endTime).toBeGreaterThan(startTime);
    expect(endTime).toBeLessThanOrEqual(1000);
  });

  it('ends with 1 and one line on the standard error where a file cannot be read', async () => {
    const {code, stdout, stderr} = await spawnEarshot(folder, 'spot', 'absent.wav', '--json');
    expect([code, stdout, stderr]).toEqual([1, '', 'earshot: absent.wav: no such file\n']);
  });

  it('ends with 2 where the command line cannot be understood', async () => {
    const {code, stdout, stderr} = await spawnEarshot(folder, 'spot', YES, '--loud');
    expect([code, stdout, stderr]).toEqual([2, '', "earshot: Unknown option '--loud' (earshot --help)\n"]);
  });
});

it.each(['deepspeech2', 'wav2vec2-base'])(
  'does not import a pickle that would run something as %s, and names what',
  async (system) => {
    const file = write(
      'hostile.pth',
      Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1'),
    );
    const args = [
      '--system',
      system,
      '--precision',
      'int8',
      '--out',
      join(folder, 'hostile'),
      '--allow-unverified',
    ];
    const {code, stdout, stderr} = await earshot('import', file, ...args, '--json');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^earshot: model-format: .*os\.system/m);
    expect(existsSync(join(folder, 'hostile'))).toBe(false);
  },
);

describe('earshot', () => {
  it.each([
    [['--help'], 'Usage: earshot COMMAND'],
    [['help'], 'Usage: earshot COMMAND'],
    [['spot', '--help'], 'Usage: earshot spot FILE…'],
    [['transcribe', '--help'], 'Usage: earshot transcribe FILE…'],
    [['evaluate', '-h'], 'Usage: earshot evaluate SYSTEM… --data DIR'],
    [['import', '-h'], 'Usage: earshot import CHECKPOINT --system ID --precision NAME --out DIR'],
  ])('%j prints its help', async (args, beginning) => {
    const {code, stdout, stderr} = await earshot(...args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.startsWith(beginning)).toBe(true);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it.each<[string[], string]>([
    [[], 'got no command, expected one of: spot, transcribe, evaluate'],
    [['listen'], 'got "listen", expected one of: spot, transcribe, evaluate'],
    [['spot'], 'spot: got no file, expected one or more'],
    [
      ['spot', 'a.wav', '--system', 'siri'],
      'got system "siri", expected one of: earshot-kws, micronet-large',
    ],
    [['spot', 'a.wav', '--engine', 'torch'], '--engine: got "torch", expected integer or onnx or tfjs'],
    [
      ['spot', 'a.wav', '--numerics', 'int4'],
      '--numerics: got "int4", expected int8-exact or int8-dynamic or float32',
    ],
    [['spot', 'a.wav', '--threshold', '0'], '--threshold: got "0", expected a number above 0, at most 1'],
    [
      ['spot', 'a.wav', '--threshold', 'high'],
      '--threshold: got "high", expected a number above 0, at most 1',
    ],
    [
      ['spot', 'a.wav', '--threshold', 'auto:0/h'],
      'got threshold "auto:0/h", expected a number 0…1 or auto:RATE/h with a RATE above 0',
    ],
    [['spot', 'a.wav', '--threshold', 'auto:0.0001/h'], '/h, the lowest rate of the curve of earshot-kws'],
    [['spot', 'a.wav', '--keywords', 'yes maybe'], '--keywords: got "maybe", expected some of: yes no up'],
    [['spot', 'a.wav', '--keywords', ''], '--keywords: got "", expected some of: yes no up'],
    [['spot', 'a.wav', '--weights'], "Option '--weights <value>' argument missing"],
    [['evaluate'], 'evaluate: got no system, expected one first'],
    [['evaluate', 'earshot-kws'], 'evaluate: got neither, expected --data or --stream'],
    [
      ['evaluate', 'earshot-kws', '--data', 'd', '--stream', 'f'],
      'evaluate: got both, expected --data or --stream',
    ],
    [['evaluate', 'earshot-kws', '--stream'], 'evaluate: got no file, expected one or more'],
    [['evaluate', 'earshot-kws', 'f', '--data', 'd'], 'got system "f", expected one of: earshot-kws'],
    [
      ['evaluate', 'earshot-kws', 'earshot-kws', '--data', 'd'],
      'evaluate: got system "earshot-kws" twice, expected each once',
    ],
    [
      ['evaluate', 'earshot-kws', '--data', 'd', '--data', 'd'],
      'evaluate: got --data "d" twice, expected each once',
    ],
    [
      ['evaluate', 'earshot-kws', 'micronet-large', '--data', 'd', '--weights', 'w'],
      'evaluate: got --weights for 2 systems, expected --models',
    ],
    [['spot', 'a.wav', '--weights', 'w', '--models', 'm'], 'got both --weights and --models, expected one'],
    [
      ['evaluate', 'earshot-kws', '--data', 'd', '--labels', 'l'],
      'got --labels, expected it only with --stream',
    ],
    [
      ['evaluate', 'earshot-kws', '--stream', 'f', '--limit', '3'],
      'got --limit, expected it only with --data',
    ],
    [
      ['evaluate', 'earshot-kws', '--data', 'd', '--limit', '0'],
      '--limit: got "0", expected a whole number of at',
    ],
    [
      ['evaluate', 'earshot-kws', '--stream', 'f', '--tolerance=-1'],
      '--tolerance: got "-1", expected milliseconds, 0 or more',
    ],
    [['import'], 'import: got 0 checkpoints, expected one'],
    [['import', 'a.pth', 'b.pth'], 'import: got 2 checkpoints, expected one'],
    [['import', 'a.pth'], 'import: got no --system ID, expected one'],
    [['import', 'a.pth', '--system', 's'], 'import: got no --precision NAME, expected one'],
    [
      ['import', 'a.pth', '--system', 's', '--precision', 'int4'],
      '--precision: got "int4", expected float32 or int8',
    ],
    [['import', 'a.pth', '--system', 's', '--precision', 'int8'], 'import: got no --out DIR, expected one'],
    [
      ['import', 'a.pth', '--system', 'wav2letter', '--precision', 'int8', '--out', 'd'],
      'import: got system "wav2letter", expected one of: ',
    ],
  ])('%j is refused with exit code 2', async (args, message) => {
    const {code, stdout, stderr} = await earshot(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^earshot: [^\n]*\(earshot --help\)\n$/);
  });

  it('says where published weights are to be had, and which digest they have', async () => {
    const {code, stderr} = await earshot('spot', YES, '--system', 'micronet-large');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^earshot: micronet-large: got no --weights or --models, expected kws_micronet_l\.tflite: /,
    );
    expect(stderr).toContain('SHA-256 15723bcc7d73599546cfebd289632799393e329df84bba883205b08b666a1aa3');
    expect(stderr).toContain('https://github.com/ARM-software/ML-zoo/');
  });

  it('refuses integers of a network that has none, and engines that have none', async () => {
    const {code, stderr} = await earshot('spot', YES, '--numerics', 'int8-exact');
    expect([code, stderr.startsWith('earshot: ')]).toEqual([1, true]);
    expect(stderr).toContain('int8-exact');
  });
});

describe('earshot with weights that were changed', () => {
  /** The built-in weights with the last bit of the last value changed: harmless, and another digest. */
  const writeChanged = (): string => {
    const bytes = new Uint8Array(readFileSync(WEIGHTS));
    return write('changed.safetensors', bytes.with(bytes.length - 2, (bytes.at(-2) ?? 0) ^ 1));
  };

  it('refuses them with got and expected', async () => {
    const {code, stdout, stderr} = await earshot('spot', YES, '--weights', writeChanged());
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^earshot: model-integrity: \S+changed\.safetensors: got 191616 bytes with SHA-256/,
    );
    expect(stderr).toContain('the file built into Earshot');
  });

  it('runs them when asked to, marked unverified for people and for programs', async () => {
    const args = ['spot', YES, '--weights', writeChanged(), '--allow-unverified'];
    const text = await earshot(...args);
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/^weights {4}UNVERIFIED, SHA-256 [0-9a-f]{64} \(\S+changed\.safetensors\)$/m);
    const {weights} = JSON.parse((await earshot(...args, '--json')).stdout) as {weights: {verified: boolean}};
    expect(weights.verified).toBe(false);
  });
});

describe('earshot spot', () => {
  it('hears the same word in FLAC and WAV, and with the other engine', async () => {
    const wav = repositoryPath('test/fixtures/audio/yes.wav');
    const [tfjs, onnx] = await Promise.all(
      ['tfjs', 'onnx'].map(async (engine) => {
        const {stdout} = await earshot('spot', YES, wav, '--engine', engine, '--json');
        return JSON.parse(stdout) as {files: {detections: {keyword: string; score: number}[]}[]};
      }),
    );
    const scores = [tfjs, onnx].flatMap((report) => report?.files.map(({detections}) => detections) ?? []);
    expect(scores.map((detections) => detections.map(({keyword}) => keyword))).toEqual(
      Array(4).fill(['yes']),
    );
    for (const [detection] of scores) expect(detection?.score).toBeCloseTo(scores[0]?.[0]?.score ?? 0, 4);
  });

  it('reports only the keywords asked for, and only above the threshold', async () => {
    const none = ' no keywords in 1.00 s';
    expect((await earshot('spot', YES, '--keywords', 'no, stop')).stdout).toContain(none);
    expect((await earshot('spot', YES, '--threshold', '1')).stdout).toContain(none);
    expect((await earshot('spot', YES, '--keywords', 'yes')).stdout).toContain(' 1 keyword in 1.00 s');
  });

  it('prints the threshold that a rate of false accepts picked, and its own without one', async () => {
    const thresholdOf = async (...args: string[]): Promise<unknown> => {
      const {stdout} = await earshot('spot', YES, '--json', ...args);
      return (JSON.parse(stdout) as Record<string, unknown>)['threshold'];
    };
    const {operatingCurve = [], defaults} = card;
    expect(await thresholdOf()).toBe(defaults.threshold);
    expect(await thresholdOf('--threshold', 'auto:1000/h')).toBe(operatingCurve[0]?.threshold);
    expect((await earshot('spot', YES)).stdout).toContain(`\nthreshold  ${defaults.threshold}\n`);
  });

  it('warns of a file that was cut, and uses what there is', async () => {
    const whole = readFileSync(repositoryPath('test/fixtures/audio/yes.wav'));
    const cut = write('cut.wav', whole.subarray(0, whole.length - 2000));
    const {code, stdout, stderr} = await earshot('spot', cut);
    expect([code, stderr]).toEqual([0, `${cut}: cut, 1000 samples are missing at its end\n`]);
    expect(stdout).toContain(' 1 keyword in 0.94 s');
  });

  it('names what a file is that it cannot read', async () => {
    const path = write('speech.ogg', 'OggS and more');
    expect((await earshot('spot', path)).stderr).toBe(
      `earshot: audio-format: ${path}: got an Ogg file (Opus, Vorbis), expected a WAV or FLAC file\n`,
    );
    expect((await earshot('spot', folder)).stderr).toBe(
      `earshot: ${folder}: got a folder, expected a file\n`,
    );
  });
});
