import {findWeights} from '../src/cli/find-weights.ts';
import {CliError} from '../src/cli/cli-error.ts';
import {findCard} from '../src/models/catalogue.ts';
import {hasShared, sharedPath} from '../test/support/shared.ts';

/** Weights as they cross to the page, or why they are not there. */
export type FoundBytes = {readonly base64: string} | {readonly absent: string};

/** Weights of a keyword system, checked against its card: the built-in ones, or those of the shared material. */
export async function findSystemWeights(systemId: string): Promise<FoundBytes> {
  const models = hasShared ? sharedPath('models') : undefined;
  try {
    const {bytes} = await findWeights(findCard(systemId), {models, allowUnverified: false});
    return {base64: Buffer.from(bytes).toString('base64')};
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return {absent: `absent: ${hasShared ? error.message : '../shared is not there'}`};
  }
}
