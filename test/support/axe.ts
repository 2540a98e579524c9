import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type * as Axe from 'axe-core';
import type {Page} from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core objects to in the page, shadow trees included: one line for each place; empty where nothing is. */
export async function findAccessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const {axe} = globalThis as unknown as {axe: typeof Axe};
    const {violations, passes} = await axe.run(document, {resultTypes: ['violations', 'passes']});
    if (passes.length === 0) return ['axe-core checked nothing'];
    return violations.flatMap(({id, nodes}) =>
      nodes.map((node) => `${id}: ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`),
    );
  });
}
