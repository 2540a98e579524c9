import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {findAccessibilityProblems} from '../support/axe.ts';
import {startDemoPage, type DemoPage} from '../support/demo-page.ts';

let demo: DemoPage;
let page: DemoPage['page'];

beforeAll(async () => {
  demo = await startDemoPage();
  page = demo.page;
});
afterAll(async () => {
  await demo.close();
});

const schemes = ['light', 'dark'] as const;

describe.each(schemes)('in %s', (colorScheme) => {
  test.each([320, 1280])('axe-core finds nothing at a width of %i, idle and with an error', async (width) => {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    await page.setViewportSize({width, height: 740});
    await demo.open();
    for (const details of await page.locator('#view-keywords details').all())
      await details.locator('summary').click();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.locator('kws-listener button').click();
    await page.locator('kws-listener [part="error"]').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });
});

test.each([320, 360, 768, 1280])('nothing reaches beyond the edge at a width of %i', async (width) => {
  await page.setViewportSize({width, height: 740});
  await demo.open();
  await page.locator('kws-listener button').click();
  await page.locator('kws-listener [part="error"]').waitFor();
  const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(scrollWidth).toBe(width);
});

test('what matters fits one screen of 1280 × 800', async () => {
  await page.setViewportSize({width: 1280, height: 800});
  await demo.open();
  for (const selector of ['kws-listener', '#chart', '#detections', '#view-keywords .privacy']) {
    const box = await page.locator(selector).boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0), selector).toBeLessThanOrEqual(800);
  }
});

test('the chart has its lanes and names before anything is heard, in colours of the theme', async () => {
  const colours = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({colorScheme});
    await demo.open();
    const {paintedCount, firstColour} = await demo.readChart();
    expect(paintedCount).toBeGreaterThan(2000);
    colours.push(firstColour.join());
  }
  expect(new Set(colours).size).toBe(2);
});

test('a change of theme draws the chart again', async () => {
  await page.emulateMedia({colorScheme: 'light'});
  await demo.open();
  const before = await demo.readChart();
  await page.emulateMedia({colorScheme: 'dark'});
  await expect.poll(async () => (await demo.readChart()).firstColour).not.toEqual(before.firstColour);
});

test('the whole page can be used by keyboard, in an order that makes sense', async () => {
  await page.setViewportSize({width: 1280, height: 800});
  await demo.open();
  const stops: string[] = [];
  for (let index = 0; index < 13; index++) {
    await page.keyboard.press('Tab');
    stops.push(
      await page.evaluate(() => {
        const element = document.activeElement;
        return element?.id || element?.textContent.trim() || '';
      }),
    );
  }
  expect(stops).toEqual([
    'Keywords',
    'Transcription',
    'Models',
    'embed-link',
    'listener',
    'The same in numbers',
    'threshold',
    'file',
    'engine',
    'numerics',
    'What runs',
    'Counters',
    expect.stringContaining('<kws-listener'), // the code scrolls on a phone
  ]);
});
