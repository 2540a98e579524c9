import ts from 'typescript';
import type {Source} from './sources.ts';

/** One thing that a file takes from another module. */
export interface Import {
  readonly specifier: string; // as written
  readonly isTypeOnly: boolean;
}

/**
 * Every module that a file names: imports, re-exports, `import()` of values and of types, and files named by
 * `new URL('…', import.meta.url)`, which is how workers are spawned. Computed names cannot be told.
 */
export function readImports({path, text}: Source): readonly Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier) found.push({specifier: specifier.text, isTypeOnly: isTypeOnly(node)});
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext));
  return found;
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  let expression: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) expression = node.moduleSpecifier;
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    expression = node.argument.literal;
  else if (isDynamicImport(node) || isModuleUrl(node)) expression = node.arguments?.[0];
  return expression && ts.isStringLiteralLike(expression) ? expression : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return ts.isImportTypeNode(node);
}

function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function isModuleUrl(node: ts.Node): node is ts.NewExpression {
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression)) return false;
  const base = node.arguments?.[1];
  return (
    node.expression.text === 'URL' &&
    base !== undefined &&
    ts.isPropertyAccessExpression(base) &&
    ts.isMetaProperty(base.expression)
  );
}
