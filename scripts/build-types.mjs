// The declarations of the public entries, gathered into dist/types: those that the entries lead to and no others, with
// Lit's among them, so that who installs the package has its types and installs nothing else; and beside them those
// that frameworks get.
import {appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, sep} from 'node:path';
import ts from 'typescript';
import {declareFrameworks} from './declare-frameworks.mjs';
import {repositoryRoot} from './prepare.mjs';

const COMPILED = join(repositoryRoot, '.types/src'); // where `tsc --build` writes
const PACKAGES = join(repositoryRoot, 'node_modules');
const TARGET = join(repositoryRoot, 'dist/types');
const ENTRIES = ['index', 'elements', 'define'].map((name) => join(COMPILED, `${name}.d.ts`));

/** @type {import('typescript').CompilerOptions} */
const resolution = {moduleResolution: ts.ModuleResolutionKind.Bundler, allowImportingTsExtensions: true};

const missing = ENTRIES.filter((entry) => !existsSync(entry));
if (missing.length > 0) {
  console.error(`got no ${missing.join(', ')}, expected what "npm run types" writes`);
  process.exit(1);
}
rmSync(TARGET, {recursive: true, force: true});
const files = collect();
for (const [file, text] of files) {
  const target = targetOf(file);
  mkdirSync(dirname(target), {recursive: true});
  writeFileSync(target, text);
}
/** @type {import('./declare-frameworks.mjs').Manifest} */
const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'custom-elements.json'), 'utf8'));
writeFileSync(join(TARGET, 'frameworks.d.ts'), declareFrameworks(manifest));
appendFileSync(join(TARGET, 'define.d.ts'), "import './frameworks.js';\n");
for (const name of ['worker', 'worklet']) writeFileSync(join(TARGET, `${name}.d.ts`), 'export {};\n'); // files by URL
console.log(`dist/types: ${files.size} declaration files`);

/** @returns {ReadonlyMap<string, string>} text of each file that the entries lead to, with its imports rewritten. */
function collect() {
  const texts = new Map();
  const waiting = [...ENTRIES];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (texts.has(file)) continue;
    const {text, imported} = rewriteImports(file);
    texts.set(file, text);
    waiting.push(...imported);
  }
  return texts;
}

/**
 * One file with every import led to where the imported declarations will lie.
 * @param {string} file
 */
function rewriteImports(file) {
  const text = readFileSync(file, 'utf8');
  const imported = [];
  let rewritten = '';
  let position = 0;
  for (const {fileName, pos} of ts.preProcessFile(text).importedFiles) {
    const found = resolveDeclarations(fileName, file);
    const start = text.indexOf(fileName, pos); // `pos` is that of the quotation mark
    imported.push(found);
    rewritten += text.slice(position, start) + pathBetween(file, found);
    position = start + fileName.length;
  }
  const whole = rewritten + text.slice(position);
  return {text: whole.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''), imported};
}

/**
 * @param {string} name what is imported
 * @param {string} file where
 */
function resolveDeclarations(name, file) {
  const {resolvedModule} = ts.resolveModuleName(name, file, resolution, ts.sys);
  if (resolvedModule) return resolvedModule.resolvedFileName;
  throw new Error(`${file}: got no declarations for "${name}", expected an installed package or a file`);
}

/**
 * @param {string} from
 * @param {string} to
 */
function pathBetween(from, to) {
  const path = relative(dirname(targetOf(from)), targetOf(to))
    .split(sep)
    .join('/');
  const script = path.replace(/\.d\.ts$/, '.js');
  return script.startsWith('.') ? script : `./${script}`;
}

/**
 * Where a file's copy goes: ours as they lie in src, those of packages below `packages/`.
 * @param {string} file
 */
function targetOf(file) {
  if (file.startsWith(COMPILED + sep)) return join(TARGET, relative(COMPILED, file));
  return join(TARGET, 'packages', relative(PACKAGES, file));
}
