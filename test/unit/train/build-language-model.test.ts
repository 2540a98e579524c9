import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {encodeNgramModel} from '../../../src/decode/encode-ngram-model.ts';
import {openNgramModel, scoreWord, type NgramModel} from '../../../src/decode/ngram-model.ts';
import {readArpa} from '../../../src/formats/arpa.ts';
import {probabilitySum} from '../../support/probability-sum.ts';
import {repositoryRoot} from '../../support/repository.ts';
import {hasShared, sharedPath} from '../../support/shared.ts';

const python = '/usr/bin/python3';
const hasNumpy = spawnSync(python, ['-c', 'import numpy']).status === 0;
const hasAll = hasNumpy && hasShared;

/** A model of the first sentences of the shared text. */
function build(...options: readonly string[]): {
  model: NgramModel;
  sentences: readonly string[];
  told: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-build-lm-'));
  const lines = readFileSync(sharedPath('audio', 'ljspeech-text.txt'), 'utf8').toLowerCase().split('\n');
  const sentences = lines.slice(0, 400);
  writeFileSync(join(folder, 'text.txt'), `${sentences.join('\n')}\n`);
  const out = join(folder, 'model.arpa');
  const args = ['-m', 'train.lm.build', '--text', join(folder, 'text.txt'), '-o', out, ...options];
  const {status, stdout, stderr} = spawnSync(python, args, {cwd: repositoryRoot, encoding: 'utf8'});
  if (status !== 0) throw new Error(stderr);
  const model = openNgramModel(encodeNgramModel(readArpa(readFileSync(out, 'utf8'))));
  return {model, sentences, told: stdout};
}

describe.skipIf(!hasAll)('train/lm/build.py (skipped without numpy or the shared text)', () => {
  test.each(['counts', 'continuation'])(
    'pruned, with lower orders by %s: all that can follow sums to 1',
    (lower) => {
      const {model, sentences} = build('--lower', lower, '--words', '500', '--ngrams', '2000');
      for (const context of ['', ...sentences.slice(0, 60)]) {
        const words = context.split(' ').slice(0, 6);
        expect(probabilitySum(model, words), `after "${words.join(' ')}"`).toBeCloseTo(1, 4);
      }
    },
  );

  test('holds as many n-grams as it is asked for, and what follows most in the text', () => {
    const {model, told} = build('--lower', 'counts', '--words', '500', '--ngrams', '2000');
    expect(model.wordCount).toBe(500);
    const nodeCount = model.levelStart[4]! - 1;
    expect(nodeCount, told).toBeGreaterThan(1900);
    expect(nodeCount, told).toBeLessThanOrEqual(2000);
    const next = new Int32Array(1);
    scoreWord(model, 0, model.wordIdOf('of'), next);
    const state = next[0]!;
    const scoreOf = (word: string): number => scoreWord(model, state, model.wordIdOf(word), next);
    expect(scoreOf('the')).toBeGreaterThan(scoreOf('and') + 2);
  });

  test('gives the same file for the same text', () => {
    const [first, second] = [
      build('--lower', 'counts', '--words', '300', '--ngrams', '900'),
      build('--lower', 'counts', '--words', '300', '--ngrams', '900'),
    ];
    expect(first.model.values).toEqual(second.model.values);
    expect(first.model.labels).toEqual(second.model.labels);
  });
});
