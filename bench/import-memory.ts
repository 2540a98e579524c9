/**
 * What importing a checkpoint of the published size takes of memory and time, with seeded weights, on the command line
 * and in a page, which opens it too: resident memory as Linux states it, at its largest (of the renderers in each phase, more than before).
 * `npm run build && npx tsx bench/import-memory.ts wav2vec2-base|deepspeech2 [int8|float32]`
 */
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {deepSpeech2Shapes} from '../src/systems/deepspeech2/weights.ts';
import {writeCheckpointFile} from '../test/support/checkpoint-file.ts';
import {residentKb} from '../test/support/renderer-memory.ts';
import {repositoryPath} from '../test/support/repository.ts';
import {seededCheckpoint} from '../test/support/seeded-checkpoint.ts';
import {openSpotterPage} from '../test/support/spotter-page.ts';
import {wav2vec2Golden} from '../test/support/wav2vec2-goldens.ts';

const SAMPLE_MS = 50;
const NUMERICS = {int8: 'int8-dynamic', float32: 'float32'} as const;

const shapes = {
  'wav2vec2-base': () => wav2vec2Golden('base').shapes,
  deepspeech2: () => deepSpeech2Shapes(2560),
};
const systemId = process.argv[2] === 'deepspeech2' ? 'deepspeech2' : 'wav2vec2-base';
const precision = process.argv[3] === 'float32' ? 'float32' : 'int8';

const folder = mkdtempSync(join(tmpdir(), 'earshot-import-memory-'));
try {
  const checkpoint = join(folder, 'checkpoint.safetensors');
  await writeCheckpointFile(seededCheckpoint(shapes[systemId]()), checkpoint);
  console.log(`${systemId}, ${precision}, checkpoint of ${megabytes(statSync(checkpoint).size)} MB`);
  console.log(`command line, help only: ${await measureCommand(['import', '--help'])}`);
  const args = ['--system', systemId, '--precision', precision, '--allow-unverified'];
  const out = join(folder, 'imported');
  console.log(`command line: ${await measureCommand(['import', checkpoint, ...args, '--out', out])}`);
  await measurePage(checkpoint);
} finally {
  rmSync(folder, {recursive: true});
}

async function measureCommand(args: readonly string[]): Promise<string> {
  const start = performance.now();
  const command = repositoryPath('src/cli/earshot.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', command, ...args], {stdio: 'ignore'});
  let peakKb = 0;
  const timer = setInterval(() => {
    peakKb = Math.max(peakKb, highWaterKb(child.pid));
  }, SAMPLE_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`got exit code ${code} of earshot ${args.join(' ')}, expected 0`);
  return `${seconds(performance.now() - start)} s, ${megabytes(1024 * peakKb)} MB at its largest`;
}

function highWaterKb(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // it has ended
  }
}

async function measurePage(checkpoint: string): Promise<void> {
  const opened = await openSpotterPage();
  const {chromium} = opened;
  const {page} = chromium;
  const before = await residentKb(chromium);
  const peaks = new Map<string, number>();
  let phase = 'before';
  const sample = async (): Promise<void> => {
    peaks.set(phase, Math.max(peaks.get(phase) ?? 0, (await residentKb(chromium)) - before));
  };
  await page.exposeFunction('tellPhase', (name: string) => {
    phase = name;
  });
  const timer = setInterval(() => void sample().catch(() => undefined), SAMPLE_MS);
  await page.evaluate(() => {
    document.body.innerHTML = '<input type="file">';
  });
  await page.setInputFiles('input', checkpoint);
  const start = performance.now();
  const options = JSON.stringify({numerics: NUMERICS[precision], allowUnverified: true});
  // a string, because tsx would put a helper of its own into a function
  await page.evaluate(`
    const [weights] = document.querySelector('input').files;
    const onProgress = ({phase}) => tellPhase(phase);
    earshot.Transcriber.load('${systemId}', {...${options}, weights, onProgress}).then(() => undefined);
  `);
  clearInterval(timer);
  const phases = [...peaks].map(([name, kb]) => `${name} ${megabytes(1024 * kb)}`);
  console.log(`page: ${seconds(performance.now() - start)} s, MB more at the largest: ${phases.join(', ')}`);
  await opened.close();
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
