import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {earshot} from '../../support/earshot-command.ts';
import {repositoryPath} from '../../support/repository.ts';

const arpa = repositoryPath('test/goldens/ctc/tiny_word_bigram.arpa');
let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-lm-'));
  writeFileSync(at('text.txt'), 'the dog\nTHE zebra\n\n');
  writeFileSync(at('index.jsonl'), '{"text": "THE DOG"}\n');
});

describe('earshot build-lm', () => {
  test('writes the binary form, the same every time, and tells its size', async () => {
    const first = await earshot('build-lm', arpa, '-o', at('first.bin'));
    await earshot('build-lm', arpa, '-o', at('second.bin'));
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/1-grams +51\n2-grams +78\nbytes +(\d+)\nbytes, gzip +\d+\n/);
    expect(readFileSync(at('first.bin'))).toEqual(readFileSync(at('second.bin')));
  });

  test.each([
    ['no file', [], 'got 0 files, expected one', 2],
    ['no output', [arpa], 'got no -o FILE', 2],
    ['a file that is not there', ['nowhere.arpa', '-o', 'x'], 'nowhere.arpa: no such file', 1],
    ['a file that is no ARPA', [repositoryPath('package.json'), '-o', 'x'], 'model-format: ', 1],
  ])('refuses %s', async (_, args, message, code) => {
    const end = await earshot('build-lm', ...args);
    expect(end).toMatchObject({code, stdout: ''});
    expect(end.stderr).toContain(message);
  });
});

describe('earshot perplexity', () => {
  test('says the same of both forms', async () => {
    await earshot('build-lm', arpa, '-o', at('model.bin'));
    const [ofArpa, ofBinary] = [
      await earshot('perplexity', arpa, at('text.txt')),
      await earshot('perplexity', at('model.bin'), at('text.txt')),
    ];
    expect(ofArpa.code).toBe(0);
    expect(ofBinary.stdout).toBe(ofArpa.stdout);
  });

  test('leaves unknown words out, and counts them', async () => {
    const {stdout} = await earshot('perplexity', arpa, at('text.txt'));
    expect(stdout).toMatch(/text\.txt +2 +4 +50\.00 % +[\d.]+\n$/);
    const lowered = await earshot('perplexity', arpa, at('text.txt'), at('index.jsonl'), '--lower-case');
    expect(lowered.stdout).toMatch(
      /text\.txt +2 +4 +25\.00 % +[\d.]+\n.*index\.jsonl +1 +2 +0\.00 % +[\d.]+\n$/,
    );
  });

  test('is e to the mean negative logarithm of words and ends', async () => {
    writeFileSync(at('unigrams.arpa'), '\\data\\\nngram 1=2\n\\1-grams:\n-0.5 a\n-1 </s>\n\\end\\\n');
    writeFileSync(at('a.txt'), 'a a\n');
    const {stdout} = await earshot('perplexity', at('unigrams.arpa'), at('a.txt'));
    expect(stdout).toContain((10 ** ((0.5 + 0.5 + 1) / 3)).toFixed(1));
  });

  test('refuses a model without a text, and a row without one', async () => {
    expect(await earshot('perplexity', arpa)).toMatchObject({code: 2});
    writeFileSync(at('bad.jsonl'), '{"label": "yes"}\n');
    expect((await earshot('perplexity', arpa, at('bad.jsonl'))).stderr).toContain('a row with a "text"');
  });
});
