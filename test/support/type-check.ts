import {basename} from 'node:path';
import ts from 'typescript';
import {repositoryPath, repositoryRoot} from './repository.ts';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
};

/**
 * What TypeScript has against sources that import `earshot`, as those of a strict project that has the package
 * installed: its types are found by what `package.json` exports. Needs the types built.
 * @param sources texts by file name.
 * @returns a line for each problem; nothing is written.
 */
export function typeCheck(sources: ReadonlyMap<string, string>): readonly string[] {
  const texts = new Map([...sources].map(([name, text]) => [repositoryPath(`docs/${name}`), text]));
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    getCurrentDirectory: () => repositoryRoot,
    fileExists: (path) => texts.has(path) || disk.fileExists(path),
    readFile: (path) => texts.get(path) ?? disk.readFile(path),
    getSourceFile: (path, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? disk.getSourceFile(path, ...rest)
        : ts.createSourceFile(path, text, rest[0]);
    },
  };
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({file, messageText}) => {
    const name = file ? basename(file.fileName) : '';
    return `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
