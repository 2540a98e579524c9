import type {Model} from '../engine/engine.ts';
import {selfTest, type SelfTestReport} from '../pipeline/self-test.ts';
import type {SystemCard} from '../systems/card.ts';
import {findVector} from './find-vector.ts';
import {formatShare} from './format.ts';

/** A network that runs, and the file it was loaded from. */
export interface LoadedFile {
  readonly card: SystemCard;
  readonly model: Model;
  readonly weights: {readonly file: string; readonly sha256: string};
}

/**
 * Tests a network on the vector that is published for its file; none where the card knows of none for any file.
 * @param vectors folder that has the vector; beside the weights where absent.
 * @throws CliError as {@link findVector}, ModelFormatError where the vector does not fit the network.
 */
export async function testLoadedFile(
  {card, model, weights}: LoadedFile,
  vectors: string | undefined,
): Promise<SelfTestReport | undefined> {
  return await selfTest({card, model, sha256: weights.sha256}, async (published) => {
    const vector = await findVector(published, {weightsFile: weights.file, vectors});
    const {input, output} = published;
    return vector ?? {notRun: `no ${input.path} and ${output.path} beside the weights, and no --vectors`};
  });
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
