import ts from 'typescript';
import {repositoryPath} from './repository.ts';

/**
 * Names that a module exports, types included, sorted: what the compiler sees, so `export *` hides none.
 * @throws Error where the file is not a module.
 */
export function exportedNames(path: string): readonly string[] {
  const file = repositoryPath(path);
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${path}: got no module, expected one`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => symbol.name)
    .sort();
}
