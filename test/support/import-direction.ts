import {posix} from 'node:path';
import {readImports, type Import} from './read-imports.ts';
import type {Source} from './sources.ts';

/** What the files of one folder may import beside one another. */
interface Row {
  /** Files below src/ (`*` stands for one name, `**` for any path) or workers/. */
  readonly files: readonly string[];
  /** The same, where only types may be imported. */
  readonly types?: readonly string[];
  /** Packages by name; `name/*` stands for a scope. */
  readonly packages?: readonly string[];
}

const cards = ['systems/card.ts', 'systems/cards.ts', 'systems/*/card.ts'];

/** The table of docs/decisions/0003: one row for each folder of src/, for workers/ and for src/ itself. */
const table: Readonly<Record<string, Row>> = {
  protocol: {files: []},
  graph: {files: []},
  frames: {files: []},
  features: {files: []},
  decode: {files: []},
  evaluate: {files: []},
  transcript: {files: []},
  formats: {files: ['graph/**'], packages: ['protobufjs', 'mediabunny']},
  systems: {files: ['graph/**', 'frames/**', 'features/**', 'decode/**', 'formats/**']},
  engine: {
    files: ['graph/**', 'formats/onnx/**'],
    types: ['protocol/**'],
    packages: ['onnxruntime-web', '@tensorflow/*'],
  },
  models: {
    files: [...cards, 'protocol/**', 'formats/random-access.ts'],
    packages: ['hash-wasm'],
  },
  offline: {files: ['protocol/assert-never.ts', 'protocol/offline-messages.ts', 'models/verify-weights.ts']},
  import: {
    files: ['graph/**', 'formats/**', 'models/**', 'protocol/version.ts'],
    types: ['protocol/**', 'systems/transcription-system.ts'],
    packages: ['hash-wasm'],
  },
  pipeline: {
    files: ['frames/**', 'features/**', 'decode/**', 'systems/**', 'graph/**', 'engine/engine.ts'],
  },
  workers: {
    files: [
      'pipeline/**',
      'engine/**',
      'models/**',
      'import/**',
      'offline/**',
      'protocol/**',
      'formats/audio-stream.ts',
      'formats/lasts-longer.ts',
      'formats/npy.ts',
      'formats/random-access.ts',
    ],
  },
  capture: {files: ['protocol/**', 'workers/*.worklet.ts']},
  host: {files: ['protocol/**', 'workers/*.worker.ts', 'public/models/**']},
  events: {files: ['protocol/**'], types: ['transcript/**']},
  session: {
    files: [
      'capture/**',
      'host/**',
      'events/**',
      'protocol/**',
      'transcript/**',
      'systems/operating-point.ts',
      'systems/choose-language-model.ts',
      ...cards,
    ],
  },
  components: {files: ['session/**', 'events/**', 'transcript/**'], packages: ['lit']},
  cli: {
    files: [
      'pipeline/**',
      'engine/**',
      'models/**',
      'evaluate/**',
      'transcript/**',
      'formats/**',
      'import/**',
      'graph/precision.ts',
      'systems/**',
      'decode/*ngram-model.ts',
    ],
    packages: ['node:*'],
  },
  demo: {files: ['index.ts', 'elements.ts', 'define.ts', 'components/**', 'protocol/offline-messages.ts']},
  'the entries': {
    files: [
      'session/**',
      'capture/**',
      'events/**',
      'components/**',
      'protocol/**',
      'transcript/**',
      ...cards,
    ],
  },
};

/** A card and its curve are pure data, importable anywhere: this row goes before the one of their folder. */
const cardRow: Row = {files: ['systems/*/operating-curve.ts'], types: ['systems/card.ts']};
const cardFiles = ['systems/*/card.ts', 'systems/*/operating-curve.ts'];

/** What breaks the table, a sentence for each import; empty where nothing does. */
export function findViolations(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) => {
    const folder = folderOf(source.path);
    const isCard = cardFiles.some((pattern) => matches(pattern, fromSrc(source.path)));
    const row = isCard ? cardRow : table[folder];
    if (!row) return [`${source.path}: src/${folder} has no row in the table of imports`];
    const own = isCard ? [] : ownFolder(folder);
    return readImports(source)
      .filter((entry) => !isAllowed(source.path, entry, row, own))
      .map(
        ({specifier}) =>
          `${source.path} imports ${specifier}: ${isCard ? 'a card' : folder} may import ${describeRow(row, isCard)}`,
      );
  });
}

function isAllowed(path: string, entry: Import, row: Row, own: readonly string[]): boolean {
  const {specifier, isTypeOnly} = entry;
  if (!specifier.startsWith('.')) return isPackageAllowed(path, specifier, row);
  const target = fromSrc(posix.join(posix.dirname(path), specifier.replace(/\?.*$/, '')));
  const patterns = [...own, ...row.files, ...(isTypeOnly ? (row.types ?? []) : [])];
  return patterns.some((pattern) => matches(pattern, target));
}

function isPackageAllowed(path: string, specifier: string, row: Row): boolean {
  // an engine's wasm as a URL: the worker's build decides where it lies, nothing of the package runs
  const isWasmUrl = folderOf(path) === 'workers' && specifier.endsWith('?url');
  const packages = isWasmUrl ? (table['engine']?.packages ?? []) : (row.packages ?? []);
  return packages.some((name) =>
    name.endsWith('*')
      ? specifier.startsWith(name.slice(0, -1))
      : specifier === name || specifier.startsWith(`${name}/`),
  );
}

/** Path from src/; that of a file outside of it stays as it is. */
function fromSrc(path: string): string {
  return path.replace(/^src\//, '');
}

function folderOf(path: string): string {
  const [first = '', second] = fromSrc(path).split('/');
  return second === undefined ? 'the entries' : first;
}

function ownFolder(folder: string): readonly string[] {
  return folder === 'the entries' ? ['*.ts'] : [`${folder}/**`];
}

function matches(pattern: string, path: string): boolean {
  const expression = pattern
    .replace(/[.+]/g, '\\$&')
    .replace(/\*+/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
  return new RegExp(`^${expression}$`).test(path);
}

function describeRow({files, types = [], packages = []}: Row, isCard: boolean): string {
  const parts = [
    ...(isCard ? [] : ['its own folder']),
    ...files,
    ...types.map((pattern) => `types of ${pattern}`),
  ];
  return `${parts.join(', ')}, and ${packages.length > 0 ? `the packages ${packages.join(', ')}` : 'no package'}`;
}
