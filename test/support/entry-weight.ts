import {join, posix} from 'node:path';
import {gzipSync} from 'node:zlib';
import ts from 'typescript';
import {readRepositoryFile} from './repository.ts';

/**
 * What a page downloads when it imports one file of a built folder: the file and all that it imports before it runs,
 * each gzipped by itself as a web server would send it. What is imported later, on need, is not in it.
 * @param folder relative to the repository.
 * @returns bytes.
 */
export function weighEntry(folder: string, name: string): number {
  return [...readEntry(folder, name).values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
}

/** The texts of one file of a built folder and of all that it imports before it runs, by path. */
export function readEntry(folder: string, name: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const waiting = [name];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const text = readRepositoryFile(join(folder, path));
    found.set(path, text);
    for (const specifier of staticImports(path, text))
      waiting.push(posix.join(posix.dirname(path), specifier));
  }
  return found;
}

function staticImports(path: string, text: string): readonly string[] {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    return specifier && ts.isStringLiteral(specifier) ? [specifier.text] : [];
  });
}
