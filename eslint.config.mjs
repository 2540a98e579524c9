import {defineConfig, globalIgnores} from 'eslint/config';
import jsdoc from 'eslint-plugin-jsdoc';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Sizes at which the house style says "stop and ask" (CONTRIBUTING.md). */
const sizes = {
  'max-lines': ['warn', {max: 300, skipBlankLines: true}],
  'max-lines-per-function': ['warn', {max: 60, skipBlankLines: true}],
  'max-params': ['warn', {max: 5}],
  'max-depth': ['warn', {max: 3}],
  complexity: ['warn', {max: 15}],
};

/** Exports that need a doc comment: all of them, whatever their kind. */
const documentedKinds = [
  'ClassDeclaration',
  'FunctionDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'VariableDeclaration',
];

export default defineConfig(
  globalIgnores(['dist/', '.types/', '.cache/', 'coverage/', 'public/', 'test/goldens/', 'bench/results/']),
  {
    files: ['**/*.{ts,mjs}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      ...sizes,
      eqeqeq: 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'off', // the typed rule of the same name takes its place
      'no-new-func': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        {ignoreVoidReturningFunctions: true, ignoreArrowShorthand: true},
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', {allowConstantLoopConditions: true}],
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
      // the attributes of an op that has none
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // a function may be async because its interface is
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'workers/**/*.ts'],
    plugins: {jsdoc},
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          contexts: documentedKinds,
          require: {ClassDeclaration: true, FunctionDeclaration: true},
          checkConstructors: false,
          enableFixer: false,
        },
      ],
      'jsdoc/require-description': ['error', {contexts: documentedKinds, descriptionStyle: 'body'}],
      'jsdoc/check-param-names': ['error', {checkDestructured: false, disableMissingParamChecks: true}],
      'jsdoc/no-types': 'error', // TypeScript has them
      'no-restricted-exports': [
        'error',
        {restrictDefaultExports: {direct: true, named: true, defaultFrom: true}},
      ],
    },
  },
  {
    files: ['src/frames/**/*.ts', 'src/features/**/*.ts', 'src/decode/**/*.ts'],
    rules: {
      // a kernel may be longer, with one lower-case comment a phase
      'max-lines-per-function': ['warn', {max: 80, skipBlankLines: true}],
      // a plan checks at run time what the types already say: its caller may be JavaScript
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    // AssemblyScript: its number types are one to TypeScript, so that rules that need types see needless casts
    files: ['src/engine/integer/kernels/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      'max-lines-per-function': ['warn', {max: 80, skipBlankLines: true}],
      'max-params': ['warn', {max: 7}],
    },
  },
  {
    files: ['src/components/**/*.ts', 'src/demo/**/*.ts'],
    extends: [lit.configs['flat/recommended']],
    plugins: {'lit-a11y': litA11y},
    settings: {litHtmlSources: ['lit']},
    rules: litA11y.configs.recommended.rules,
  },
  {
    files: ['src/cli/**/*.ts', 'scripts/**', 'test/**', 'bench/**', 'train/**/*.ts'],
    languageOptions: {globals: globals.node},
    rules: {'no-console': 'off'},
  },
  {
    // typescript-eslint does not see casts in JSDoc, so a cast of `any` counts for nothing; tsc checks them
    files: ['scripts/**/*.mjs'],
    rules: {'@typescript-eslint/no-unsafe-assignment': 'off'},
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off', // a describe() is as long as what it lists
      'max-depth': 'off', // a reference implementation is plainest as nested loops
      '@typescript-eslint/no-non-null-assertion': 'off', // a missing value fails the test either way
    },
  },
  {
    // configurations of tools that have no types for them
    files: ['*.config.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {parserOptions: {projectService: false}},
  },
);
