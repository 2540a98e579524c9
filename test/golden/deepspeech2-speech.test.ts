import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {
  compareWithPyTorch,
  evaluateDeepSpeech2,
  hasTrainedDeepSpeech2,
  importTrainedDeepSpeech2,
  missingTrainedDeepSpeech2,
} from '../support/trained-deepspeech2.ts';

test.skipIf(!hasTrainedDeepSpeech2)(
  `a trained checkpoint, imported, writes what PyTorch writes of it${missingTrainedDeepSpeech2}`,
  {timeout: 600_000},
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'earshot-ds2-'));
    try {
      await importTrainedDeepSpeech2('float32', folder);
      const {results, letterErrorRate} = await evaluateDeepSpeech2(folder, 'utterance');
      const {letterRate, emptyTexts} = compareWithPyTorch(results);
      expect(emptyTexts).toBe(0);
      expect(letterErrorRate.pooled).toBeLessThan(0.6);
      expect(letterRate).toBeLessThanOrEqual(0.002);
    } finally {
      await rm(folder, {recursive: true});
    }
  },
);
