import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {cpus, platform, release, totalmem} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {readPackageJson, repositoryPath, repositoryRoot} from '../test/support/repository.ts';
import type {Row} from './measurement.ts';
import {peerPackages} from './peer-packages.ts';

/** A run of the benchmark, as it is kept. */
export interface BenchResult {
  readonly version: string;
  readonly commit: string;
  readonly date: string; // ISO 8601
  readonly rounds: number;
  readonly machine: {
    readonly processor: string;
    readonly coreCount: number;
    readonly memoryBytes: number;
    readonly system: string;
    /** Share of all cores' time that other programs took in the second before the run, 0…1. */
    readonly busyShare: number;
  };
  /** Names and versions of what ran; of the peers that npm gives, by what they are here. */
  readonly software: Readonly<Record<string, string>>;
  readonly measurements: readonly {
    readonly id: string;
    readonly title: string;
    readonly rows: readonly Row[];
  }[];
}

const FOLDER = 'bench/results';
const BUSY_MS = 1000;
const measuredPackages = ['meyda', 'onnxruntime-web', '@tensorflow/tfjs-core', '@tensorflow/tfjs-tflite'];

/** Everything of a result but its measurements. */
export async function describeRun(
  browserVersion: string,
  rounds: number,
): Promise<Omit<BenchResult, 'measurements'>> {
  const {version, dependencies, devDependencies} = readPackageJson();
  const versions: Readonly<Record<string, string>> = {...dependencies, ...devDependencies};
  return {
    version,
    commit: readCommit(),
    date: new Date().toISOString(),
    rounds,
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      coreCount: cpus().length,
      memoryBytes: totalmem(),
      system: `${platform()} ${release()}`,
      busyShare: await measureBusyShare(),
    },
    software: {
      browser: browserVersion,
      node: process.version,
      ...Object.fromEntries(measuredPackages.map((name) => [name, versions[name] ?? 'absent'])),
      ...peerPackages,
    },
  };
}

/** The load average would hold the builds against the run; this is what goes on now. */
async function measureBusyShare(): Promise<number> {
  const read = (): {idle: number; all: number} => {
    const times = cpus().map(({times}) => times);
    const all = times.flatMap((core) => Object.values(core)).reduce((sum, ms) => sum + ms, 0);
    return {idle: times.reduce((sum, {idle}) => sum + idle, 0), all};
  };
  const before = read();
  await setTimeout(BUSY_MS);
  const after = read();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function readCommit(): string {
  try {
    const git = (...words: string[]): string =>
      execFileSync('git', words, {cwd: repositoryRoot, encoding: 'utf8', stdio: 'pipe'}).trim();
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', 'HEAD')}${isChanged ? ' and changes' : ''}`;
  } catch {
    return 'unknown'; // a copy without its repository
  }
}

/** Where the result of a version is kept. */
export function resultPath(version: string): string {
  return repositoryPath(join(FOLDER, `${version}.json`));
}

/** Writes a result to a file, for people to read too. */
export function writeResult(path: string, result: BenchResult): void {
  mkdirSync(join(path, '..'), {recursive: true});
  writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`);
}

/** The kept result of the newest version; undefined where none is kept. */
export function readLastResult(): BenchResult | undefined {
  const folder = repositoryPath(FOLDER);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const newest = names.toSorted((a, b) => a.localeCompare(b, 'en', {numeric: true})).at(-1);
  if (newest === undefined) return undefined;
  return JSON.parse(readFileSync(join(folder, newest), 'utf8')) as BenchResult;
}
