import type {Model} from '../engine/engine.ts';
import {runSelfTest, type SelfTestResult} from '../pipeline/self-test.ts';
import type {SystemCard} from '../systems/card.ts';
import {findVector} from './find-vector.ts';
import {formatShare} from './format.ts';

/** What came of a self-test, or why there was none. */
export type SelfTestReport = SelfTestResult | {readonly notRun: string};

/** A network that runs, and the file it was loaded from. */
export interface TestSubject {
  readonly card: SystemCard;
  readonly model: Model;
  readonly weights: {readonly file: string; readonly sha256: string};
}

/**
 * Tests a network on the vector that is published for its file; none where the card knows of none for any file.
 * @param vectors folder that has the vector; beside the weights where absent.
 * @throws CliError as {@link findVector}, ModelFormatError where the vector does not fit the network.
 */
export async function selfTest(
  {card, model, weights}: TestSubject,
  vectors: string | undefined,
): Promise<SelfTestReport | undefined> {
  const {accepted} = card.weights;
  if (accepted.every(({vector}) => vector === undefined)) return undefined;
  const published = accepted.find(({sha256}) => sha256 === weights.sha256)?.vector;
  if (!published) return {notRun: 'these are not the weights that a vector is published for'};
  if (model.numerics !== 'int8-exact') return {notRun: `the vector is for int8-exact, not ${model.numerics}`};
  const vector = await findVector(published, {weightsFile: weights.file, vectors});
  if (!vector) {
    const {input, output} = published;
    return {notRun: `no ${input.path} and ${output.path} beside the weights, and no --vectors`};
  }
  return await runSelfTest(model, vector, card.labels.length);
}

/** One line for people. */
export function describeSelfTest(report: SelfTestReport): string {
  if ('notRun' in report) return `self-test  not run: ${report.notRun}`;
  const {isPassed, equalShare, withinOneStepShare, sameBestShare} = report;
  return (
    `self-test  ${isPassed ? 'passed' : 'FAILED'}: of the published output ${formatShare(equalShare)} equal, ` +
    `${formatShare(withinOneStepShare)} within a step, ${formatShare(sameBestShare)} of the rows with the same best token`
  );
}
