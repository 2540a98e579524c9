// `npm run size`: what the built package weighs, file by file, and what a page that spots keywords downloads.
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {weighListeningPage} from '../test/support/page-weight.ts';
import {repositoryPath} from '../test/support/repository.ts';

const packageFolder = repositoryPath('dist/package');

if (!existsSync(packageFolder)) {
  console.error('dist/package is missing: run "npm run build" first');
  process.exit(1);
}
console.log('The package, file by file (bytes, bytes gzipped, packages inside):\n');
for (const name of listFiles()) {
  const content = readFileSync(join(packageFolder, name));
  printRow(name, content.length, gzipSync(content).length, packagesInside(name).join(', '));
}

console.log('\nWhat a page with one listening <kws-listener> downloads:\n');
const files = await weighListeningPage();
for (const {path, bytes, gzipBytes} of files) printRow(path, bytes, gzipBytes);
const total = (key: 'bytes' | 'gzipBytes') => files.reduce((sum, file) => sum + file[key], 0);
printRow('in all', total('bytes'), total('gzipBytes'));

function listFiles(): readonly string[] {
  return readdirSync(packageFolder, {recursive: true, encoding: 'utf8'})
    .filter((name) => /\.(js|mjs|wasm|safetensors)$/.test(name))
    .sort();
}

/** Names of the packages whose code a file carries, from its source map. */
function packagesInside(name: string): readonly string[] {
  const map = join(packageFolder, `${name}.map`);
  if (!existsSync(map)) return [];
  const {sources} = JSON.parse(readFileSync(map, 'utf8')) as {sources: readonly string[]};
  const names = sources.map((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1]);
  return [...new Set(names.filter((found) => found !== undefined))].sort();
}

function printRow(name: string, bytes: number, gzipBytes: number, remark = ''): void {
  const numbers = [bytes, gzipBytes].map((count) => count.toLocaleString('en').padStart(11)).join('');
  console.log(`  ${name.padEnd(48)}${numbers}  ${remark}`.trimEnd());
}
