import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {packPackage, printedBy, toolPath, type App} from '../support/packed-package.ts';

/** What the apps below are checked against; the only packages that the tests of the package get from the registry. */
const frameworks = ['@types/react@19.3.0', 'solid-js@1.9.19', 'svelte@5.57.3', 'vue@3.5.45'];

const jsx = (classAttribute: string): string => `
import 'earshot/define';
export const good = (
  <kws-listener ${classAttribute}="a" keywords="yes no" engineBudgetMs={5} threshold="auto:4/h" asset-base="/earshot/"
    onkws-detect={(event) => console.log(event.keyword, event.score.toFixed(2))} />
);
export const transcript = <live-transcript ontranscript-final={({text}) => console.log(text.length)}>!</live-transcript>;
// @ts-expect-error: no such threshold
export const bad = <kws-listener threshold="many" />;
// @ts-expect-error: no such element
export const worse = <kws-listner />;
`;

const svelte = `
import 'earshot/define';
import type {SvelteHTMLElements} from 'svelte/elements';
type Props = SvelteHTMLElements['kws-listener'];
export const good: Props = {class: 'a', keywords: 'yes', 'onkws-detect': (event) => console.log(event.keyword)};
// @ts-expect-error: no such threshold
export const bad: Props = {threshold: 'many'};
`;

const vue = `
import 'earshot/define';
import type {GlobalComponents} from 'vue';
type Props = InstanceType<GlobalComponents['live-transcript']>['$props'];
export const good: Props = {class: 'a', hotWords: 'Earshot'};
// @ts-expect-error: words, not a number
export const bad: Props = {hotWords: 5};
`;

const compilerOptions = {
  strict: true,
  noEmit: true,
  module: 'ESNext',
  moduleResolution: 'Bundler',
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  types: [],
  skipLibCheck: true, // what frameworks declare is not ours to check
};

const apps = {
  React: {file: 'main.tsx', text: jsx('className'), options: {jsx: 'react-jsx', jsxImportSource: 'react'}},
  Solid: {file: 'main.tsx', text: jsx('class'), options: {jsx: 'preserve', jsxImportSource: 'solid-js'}},
  Svelte: {file: 'main.ts', text: svelte, options: {}},
  Vue: {file: 'main.ts', text: vue, options: {}},
};

const packed = await packPackage();
const isInstalled = await packed.install(...frameworks).then(
  () => true,
  () => false,
);
afterAll(() => packed.close());

describe.skipIf(!isInstalled)('with the typings of frameworks, where the npm registry gives them', () => {
  let app: App;
  beforeAll(async () => {
    const files = Object.entries(apps).flatMap(([name, {file, text, options}]) => [
      [`${name}/${file}`, text],
      [`${name}/tsconfig.json`, JSON.stringify({compilerOptions: {...compilerOptions, ...options}})],
    ]);
    app = await packed.createApp('apps', Object.fromEntries(files) as Record<string, string>);
  });

  test.each(Object.keys(apps))('%s knows the elements, their properties and their events', async (name) => {
    const printed = await app.run(toolPath('typescript/bin/tsc'), '--project', name).catch(printedBy);
    expect(printed).toBe('');
  });
});
