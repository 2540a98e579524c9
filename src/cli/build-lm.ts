import {readFile, writeFile} from 'node:fs/promises';
import {gzipSync} from 'node:zlib';
import {encodeNgramModel} from '../decode/encode-ngram-model.ts';
import {readArpa} from '../formats/arpa.ts';
import {namingFile, UsageError} from './cli-error.ts';
import type {Command} from './command.ts';
import {formatTable} from './format.ts';
import {parseOptions} from './parse-options.ts';

const help = `\
Usage: earshot build-lm FILE.arpa -o FILE

Turns an n-gram language model in ARPA form into the binary form that the transcriber opens without parsing. Equal
ARPA files give equal binary files.

  -o, --out FILE       where to write the binary form
  --help               print this text`;

/** `earshot build-lm`: an ARPA file becomes a binary language model. */
export const buildLm: Command = {
  name: 'build-lm',
  summary: 'turn a language model in ARPA form into the binary form',
  help,
  async run(args, output) {
    const {values, positionals} = parseOptions(args, {out: {type: 'string', short: 'o'}});
    const [file] = positionals;
    const {out} = values;
    if (file === undefined || positionals.length > 1) {
      throw new UsageError(`build-lm: got ${positionals.length} files, expected one`);
    }
    if (out === undefined) throw new UsageError('build-lm: got no -o FILE, expected one');
    const {counts, bytes} = await namingFile(file, async () => {
      const arpa = readArpa(await readFile(file, 'utf8'));
      return {
        counts: arpa.tables.map(({logProbs}) => logProbs.length),
        bytes: new Uint8Array(encodeNgramModel(arpa)),
      };
    });
    await namingFile(out, () => writeFile(out, bytes));
    const rows = counts.map((count, index) => [`${index + 1}-grams`, String(count)]);
    const sizes = [
      ['bytes', String(bytes.length)],
      ['bytes, gzip', String(gzipSync(bytes).length)],
    ];
    output.print(formatTable([...rows, ...sizes]));
  },
};
