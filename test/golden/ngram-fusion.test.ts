import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {encodeNgramModel} from '../../src/decode/encode-ngram-model.ts';
import {openNgramModel, scoreEnd, scoreWord, type NgramModel} from '../../src/decode/ngram-model.ts';
import {readArpa} from '../../src/formats/arpa.ts';

interface Fusion {
  readonly model: string;
  readonly kind: 'word' | 'char';
  readonly alpha: number;
  readonly eos: boolean;
  readonly nbest: readonly {text: string; lm_weighted: number; count: number}[];
}

const folder = new URL('../goldens/ctc/', import.meta.url);
const {cases} = JSON.parse(readFileSync(new URL('decode.json', folder), 'utf8')) as {
  cases: readonly {name: string; lm: readonly Fusion[]}[];
};

function openGolden(name: string): NgramModel {
  return openNgramModel(encodeNgramModel(readArpa(readFileSync(new URL(name, folder), 'utf8'))));
}

/** The labels that the model sees: words, or characters with the space as "|". */
function labelsOf(text: string, kind: Fusion['kind']): readonly string[] {
  const lower = text.toLowerCase();
  return kind === 'char'
    ? Array.from(lower.replaceAll(' ', '|'))
    : lower.split(' ').filter((word) => word !== '');
}

function scoreText(model: NgramModel, labels: readonly string[], withEnd: boolean): number {
  const next = Int32Array.of(model.startState);
  let total = 0;
  for (const label of labels) total += scoreWord(model, next[0]!, model.wordIdOf(label), next);
  return withEnd ? total + scoreEnd(model, next[0]!) : total;
}

describe.each(['tiny_word_bigram.arpa', 'tiny_char_trigram.arpa'])('%s', (name) => {
  const model = openGolden(name);
  const fusions = cases.flatMap((each) => each.lm.filter((fusion) => fusion.model === name));

  test('scores every hypothesis of the golden fusions as the reference does', () => {
    expect(fusions.length).toBeGreaterThan(10);
    for (const {kind, alpha, eos, nbest} of fusions) {
      for (const {text, lm_weighted: expected, count} of nbest) {
        const labels = labelsOf(text, kind);
        expect(labels).toHaveLength(count);
        expect(alpha * scoreText(model, labels, eos), text).toBeCloseTo(expected, 9);
      }
    }
  });
});
