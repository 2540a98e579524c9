import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {elementCount} from '../../src/graph/shape.ts';
import type {Row} from '../measurement.ts';
import {compileMemorySweep} from './memory-sweep.ts';
import {openSpeechPage} from './speech-page.ts';

/** Steps of DeepSpeech2's recurrent layers in a second: rows every 10 ms, an output for two of them. */
const STEPS_PER_SECOND = 50;
/** What a recurrent layer multiplies its state with; it depends on the step before, so it is read anew for each. */
const RECURRENT_WEIGHTS = /\.weight_hh_l0$/;

/**
 * How fast this machine reads memory, and what that means for DeepSpeech2: weights that are larger than any cache come
 * from memory at each step, so no program can be faster than memory gives them.
 */
export async function measureMemoryLimit(): Promise<readonly Row[]> {
  const module = await compileMemorySweep();
  const page = await openSpeechPage();
  try {
    const rows: Row[] = [];
    for (const workerCount of [1, 2]) {
      rows.push(...limitRows(await page.sweep(module, workerCount), workerCount));
    }
    return rows;
  } finally {
    await page.close();
  }
}

function limitRows(bytesPerSecond: number, workerCount: number): readonly Row[] {
  const who = workerCount === 1 ? '1 worker' : `${workerCount} workers`;
  const valueCount = Object.entries(deepSpeech2Shapes(2560))
    .filter(([name]) => RECURRENT_WEIGHTS.test(name))
    .reduce((sum, [, shape]) => sum + elementCount(shape), 0);
  const limit = (precision: string, bytesPerValue: number): Row => {
    const stepBytes = valueCount * bytesPerValue;
    return {
      name: `deepspeech2, recurrent weights in ${precision}, ${who}: no faster than`,
      unit: 'of real time',
      value: (stepBytes * STEPS_PER_SECOND) / bytesPerSecond,
      note: `${(stepBytes / 1e6).toFixed(1)} MB a step, ${STEPS_PER_SECOND} steps a second, from memory each time`,
    };
  };
  return [
    {name: `memory, read by ${who}`, unit: 'GB/s', value: bytesPerSecond / 1e9},
    limit('float32', 4),
    limit('int8', 1),
  ];
}
