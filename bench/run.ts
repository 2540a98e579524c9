// `npm run bench`: what Earshot costs in Chromium, side by side with what a page would take instead. Needs the builds
// that the command makes first.
//   --rounds N      rounds after the warm-up, default 100
//   --only a,b      some of the measurements: mfcc, pipeline, models, transcription, large, cold-start, bytes
//   --json FILE     where the result goes, default dist/bench/result.json
//   --save          keeps the result as bench/results/<version>.json, the one that later runs are compared with
import {parseArgs} from 'node:util';
import {repositoryPath} from '../test/support/repository.ts';
import {bytes} from './measurements/bytes.ts';
import {coldStart} from './measurements/cold-start.ts';
import {mfcc} from './measurements/mfcc.ts';
import {models} from './measurements/models.ts';
import {large} from './measurements/large.ts';
import {pipeline} from './measurements/pipeline.ts';
import {transcription} from './measurements/transcription.ts';
import type {Measurement} from './measurement.ts';
import {printMeasured, printRun} from './print-result.ts';
import {describeRun, readLastResult, resultPath, writeResult, type BenchResult} from './result.ts';
import {openTimingPage} from './timing-page.ts';

const measurements: readonly Measurement[] = [mfcc, pipeline, models, transcription, large, coldStart, bytes];

const {values: options} = parseArgs({
  options: {
    rounds: {type: 'string', default: '100'},
    only: {type: 'string'},
    json: {type: 'string', default: 'dist/bench/result.json'},
    save: {type: 'boolean', default: false},
  },
});

const chosen = chooseMeasurements(options.only);
const rounds = Number(options.rounds);
if (!(Number.isSafeInteger(rounds) && rounds > 0)) {
  throw new RangeError(`got --rounds ${options.rounds}, expected a whole number of at least 1`);
}
if (options.save && chosen.length < measurements.length) {
  throw new RangeError('got --save with --only, expected all measurements in a kept result');
}

const last = readLastResult();
const page = await openTimingPage();
try {
  const run = await describeRun(page.browserVersion, rounds);
  const measured: BenchResult['measurements'][number][] = [];
  for (const {id, title, run: measure} of chosen) {
    const rows = await measure({rounds, page});
    const one = {id, title, rows};
    printMeasured(one, last);
    measured.push(one);
  }
  const result: BenchResult = {...run, measurements: measured};
  console.log();
  printRun(result);
  if (last) console.log(`"change" is against ${last.version} of ${last.date}.`);
  const paths = [repositoryPath(options.json), ...(options.save ? [resultPath(result.version)] : [])];
  for (const path of paths) {
    writeResult(path, result);
    console.log(`written: ${path}`);
  }
} finally {
  await page.close();
}

function chooseMeasurements(only: string | undefined): readonly Measurement[] {
  if (only === undefined) return measurements;
  return only.split(',').map((id) => {
    const found = measurements.find((measurement) => measurement.id === id);
    if (found) return found;
    throw new RangeError(
      `got --only ${id}, expected one of: ${measurements.map((measurement) => measurement.id).join(', ')}`,
    );
  });
}
