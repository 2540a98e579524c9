/**
 * The parts of custom-elements.json that are used here.
 * @typedef {object} ElementDeclaration
 * @property {string} name of the class
 * @property {string} [tagName]
 * @property {readonly Field[]} [members]
 * @property {readonly {name: string}[]} [events]
 */

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} kind
 * @property {string} [description]
 * @property {boolean} [readonly]
 * @property {string} [attribute] its attribute, where it has one
 */

/** @typedef {{modules: readonly {declarations?: readonly ElementDeclaration[]}[]}} Manifest */

/**
 * How each framework is told of an element: the module that it declares elements in, and what it gets to know. A module
 * that is not installed cannot be added to, which TypeScript is told to overlook: each is therefore a single line.
 * @type {Readonly<Record<string, (element: {tag: string, name: string}) => string>>}
 */
const frameworks = {
  react: ({tag, name}) =>
    `namespace JSX { interface IntrinsicElements { '${tag}': DetailedHTMLProps<HTMLAttributes<${name}>, ${name}> & ${name}Props } }`,
  'solid-js/jsx-runtime': ({tag, name}) =>
    `namespace JSX { interface IntrinsicElements { '${tag}': HTMLAttributes<${name}> & ${name}Props } }`,
  'svelte/elements': ({tag, name}) =>
    `interface SvelteHTMLElements { '${tag}': HTMLAttributes<${name}> & ${name}Props }`,
  vue: ({tag, name}) =>
    `interface GlobalComponents { '${tag}': import('vue').DefineComponent<${name}Props & import('vue').HTMLAttributes> }`,
};

/**
 * Declarations that let JSX and templates know the elements, made from the manifest. `earshot/define` brings them.
 * @param {Manifest} manifest
 * @returns {string}
 */
export function declareFrameworks({modules}) {
  const elements = modules
    .flatMap(({declarations = []}) => declarations)
    .flatMap(({tagName: tag, ...rest}) => (tag === undefined ? [] : [{tag, ...rest}]));
  const names = elements.map(({name}) => name).join(', ');
  return [
    '// Written by scripts/declare-frameworks.mjs from custom-elements.json.',
    `import type { ${names} } from './elements.js';`,
    ...elements.map(propsOf),
    ...Object.entries(frameworks).flatMap(([module, declare]) =>
      elements.map((element) =>
        [
          `// @ts-ignore: where ${module} is not installed`,
          `declare module '${module}' { ${declare(element)} }`,
        ].join('\n'),
      ),
    ),
    '',
  ].join('\n');
}

/**
 * The interface of what JSX or a template may set on an element: properties, attributes of another name, listeners.
 * @param {ElementDeclaration} element
 */
function propsOf({name, members = [], events = []}) {
  const fields = members.filter(({kind, readonly = false}) => kind === 'field' && !readonly);
  const attributes = fields.flatMap(({name: field, attribute = field}) =>
    attribute === field ? [] : [`    '${attribute}'?: string | number | boolean;`],
  );
  return [
    `export interface ${name}Props {`,
    ...fields.flatMap(({name: field, description = ''}) => [
      `    /** ${description.replaceAll(/\s+/g, ' ')} */`,
      `    ${field}?: ${name}['${field}'] | undefined;`,
    ]),
    ...attributes,
    ...events.map(
      ({name: type}) => `    'on${type}'?: (event: GlobalEventHandlersEventMap['${type}']) => void;`,
    ),
    '}',
  ].join('\n');
}
