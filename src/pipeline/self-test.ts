import type {Model} from '../engine/engine.ts';
import {elementCount} from '../graph/shape.ts';
import type {PublishedVector, SystemCard} from '../systems/card.ts';
import {onlyTensor} from './only-tensor.ts';

/** An input of a network, and the output that belongs to it, as the publisher gives them. */
export interface TestVector {
  readonly input: Int8Array;
  readonly output: Int8Array;
}

/** How what a network gives for a published input compares with the published output: shares, 0…1. */
export interface SelfTestResult {
  /** Of the values, how many are the same. */
  readonly equalShare: number;
  /** Of the values, how many are the same or one step of the output away. */
  readonly withinOneStepShare: number;
  /** Of the rows of output, how many have their largest value in the same place. */
  readonly sameBestShare: number;
  readonly isPassed: boolean;
}

/**
 * What has to agree. Not everything: publishers' vectors have the rounding of TFLite's reference kernels, this project's
 * engines that of its fast ones, and the two are some steps apart after many layers. A network that was read wrongly
 * agrees by chance only: one row in as many as it has labels.
 */
const PASSED_SAME_BEST = 0.9;

/**
 * Runs a network on a published input and compares what it gives. Worker or Node. One call at a time per model.
 * @param labelCount values in a row of the output.
 * @throws ModelFormatError where network and vector do not fit.
 * @throws RangeError where the network does not run in int8.
 */
export async function runSelfTest(
  model: Model,
  {input, output}: TestVector,
  labelCount: number,
): Promise<SelfTestResult> {
  const {type, shape} = onlyTensor(model, 'input', input.length);
  if (type !== 'int8') {
    throw new RangeError(`self-test: got an input of ${type} [${shape.join(', ')}], expected int8`);
  }
  const expectedCount = elementCount(onlyTensor(model, 'output', output.length).shape);
  const [got = []] = await model.run([input]);
  const apart = Array.from({length: expectedCount}, (_, index) =>
    Math.abs((got[index] ?? NaN) - (output[index] ?? NaN)),
  );
  const rowCount = expectedCount / labelCount;
  const bestOf = (values: ArrayLike<number>, row: number): number =>
    indexOfBest(values, row * labelCount, labelCount);
  const sameBest = Array.from({length: rowCount}, (_, row) => bestOf(got, row) === bestOf(output, row));
  const sameBestShare = sameBest.filter(Boolean).length / rowCount;
  return {
    equalShare: apart.filter((steps) => steps === 0).length / expectedCount,
    withinOneStepShare: apart.filter((steps) => steps <= 1).length / expectedCount,
    sameBestShare,
    isPassed: sameBestShare >= PASSED_SAME_BEST,
  };
}

/** What came of a self-test, or why there was none. */
export type SelfTestReport = SelfTestResult | {readonly notRun: string};

/** A network that runs, and the digest of the file it was loaded from. */
export interface TestSubject {
  readonly card: SystemCard;
  readonly model: Model;
  readonly sha256: string;
}

/**
 * Tests a network on the vector that is published for its file; none where the card knows of none for any file.
 * @param find gives the vector, or says why it is not at hand.
 * @throws what `find` throws; ModelFormatError where the vector does not fit the network.
 */
export async function selfTest(
  {card, model, sha256}: TestSubject,
  find: (published: PublishedVector) => Promise<TestVector | {readonly notRun: string}>,
): Promise<SelfTestReport | undefined> {
  const {accepted} = card.weights;
  if (accepted.every(({vector}) => vector === undefined)) return undefined;
  const published = accepted.find((file) => file.sha256 === sha256)?.vector;
  if (!published) return {notRun: 'these are not the weights that a vector is published for'};
  if (model.numerics !== 'int8-exact') return {notRun: `the vector is for int8-exact, not ${model.numerics}`};
  const vector = await find(published);
  return 'notRun' in vector ? vector : await runSelfTest(model, vector, card.labels.length);
}

function indexOfBest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((values[start + index] ?? NaN) > (values[start + best] ?? NaN)) best = index;
  }
  return best;
}
