import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {builtInLanguageModel} from '../../../src/models/language-models.ts';
import {verifyWeights} from '../../../src/models/verify-weights.ts';
import {repositoryPath} from '../../support/repository.ts';

it('is the file that is built in', async () => {
  const bytes = readFileSync(repositoryPath(`public/models/${builtInLanguageModel.builtInPath}`));
  expect(await verifyWeights(builtInLanguageModel, bytes)).toMatchObject({verified: true});
  expect(bytes.length).toBe(builtInLanguageModel.accepted[0]?.bytes);
});
