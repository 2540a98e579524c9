import {mkdtempSync, rmSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import {listRelease} from '../../scripts/offline-worker.ts';
import {findAccessibilityProblems} from '../support/axe.ts';
import {buildNextRelease} from '../support/next-release.ts';
import {listKept, startOfflineSite, untilInstalled, type OfflineSite} from '../support/offline-site.ts';
import {spokenWords} from '../support/transcription-view.ts';
import {writeWav} from '../support/wav.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-update-'));
const microphoneWav = join(folder, 'words.wav');
let nextRelease: string;
let site: OfflineSite;
let page: Page;

beforeAll(async () => {
  writeWav(microphoneWav, spokenWords(), 16_000);
  nextRelease = await buildNextRelease();
}, 600_000); // a whole build
afterAll(async () => {
  await rm(nextRelease, {recursive: true});
  rmSync(folder, {recursive: true});
});

beforeEach(async () => {
  site = await startOfflineSite({microphoneWav, loop: true});
  page = await site.open();
  await untilInstalled(page);
});
afterEach(async () => {
  expect(site.chromium.problems).toEqual([]);
  await site.close();
});

const stateName = (of: Page): Promise<string> =>
  of.evaluate(() => document.querySelector('kws-listener')!.state.name);
const notice = (of: Page): Promise<string> => of.locator('#update').innerText();
const OFFER = 'A new version of Earshot is ready.';
const PATIENT = {timeout: 10_000};

/** The script that a page runs. */
const scriptOf = (of: Page): Promise<string> =>
  of.evaluate(() => document.querySelector<HTMLScriptElement>('script[type="module"]')!.src);

async function listen(of: Page): Promise<void> {
  await of.locator('kws-listener button').click();
  await expect.poll(() => stateName(of), {timeout: 30_000}).toBe('listening');
}

/** Puts the next version on the server and lets a page look for it; resolves when it waits to be taken. */
async function deployNext(of: Page): Promise<void> {
  await site.deploy(nextRelease);
  await of.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50));
  });
}

test('a new version is offered, and taken by the button', async () => {
  const before = await scriptOf(page);
  await deployNext(page);
  await expect.poll(() => notice(page), PATIENT).toContain(OFFER);
  expect(await page.locator('#update-text').getAttribute('role')).toBe('status');
  expect(await scriptOf(page)).toBe(before);
  await Promise.all([page.waitForEvent('load'), page.locator('#update-now').click()]);
  expect(await scriptOf(page)).not.toBe(before);
  expect(await notice(page)).toBe('');
  await site.stopServer();
  await page.reload();
  expect(await scriptOf(page)).not.toBe(before);
  await listen(page);
});

test('it waits while the page listens, which goes on hearing, and is offered afterwards', async () => {
  await page.locator('#threshold').fill('0.5');
  await listen(page);
  await deployNext(page);
  const heard = await page.evaluateHandle(() => {
    const keywords: string[] = [];
    addEventListener('kws-detect', ({keyword}) => keywords.push(keyword));
    return keywords;
  });
  await expect.poll(() => heard.evaluate(({length}) => length), {timeout: 30_000}).toBeGreaterThan(0);
  expect(await stateName(page)).toBe('listening');
  expect(await notice(page)).toBe('');
  await page.locator('kws-listener button').click();
  await expect.poll(() => notice(page), PATIENT).toContain(OFFER);
});

test('it may be left for later, and is there when every tab was closed', async () => {
  const before = await scriptOf(page);
  await deployNext(page);
  await page.locator('#update-later').click();
  expect(await notice(page)).toBe('');
  await page.close();
  await expect
    .poll(async () => {
      const next = await site.open();
      const script = await scriptOf(next);
      await next.close();
      return script;
    })
    .not.toBe(before);
});

test('a tab that listens goes on in its version when another one takes the new one, with the server gone', async () => {
  const before = await scriptOf(page);
  await listen(page);
  const other = await site.open();
  await deployNext(other);
  await Promise.all([other.waitForEvent('load'), other.locator('#update-now').click()]);
  await untilInstalled(other);
  await site.stopServer();
  expect(await scriptOf(other)).not.toBe(before);
  expect(await stateName(page)).toBe('listening');
  // its view of transcription is a file of the old version that it has not asked for so far
  await page.locator('nav a', {hasText: 'Transcription'}).click();
  await page.locator('#transcription-body').waitFor();
  expect(await scriptOf(page)).toBe(before);
  await expect.poll(() => notice(page), PATIENT).toContain(OFFER);
});

test('the files of the old version are removed when no page of it is open any more', async () => {
  const {files} = await listRelease(nextRelease);
  const oldFiles = async (): Promise<readonly string[]> =>
    Object.keys(await listKept(page)).filter((path) => !(path in files));
  expect(await oldFiles()).not.toEqual([]);
  await deployNext(page);
  await Promise.all([page.waitForEvent('load'), page.locator('#update-now').click()]);
  await expect.poll(oldFiles, PATIENT).toEqual([]);
  expect(Object.keys(await listKept(page)).length).toBeGreaterThan(10);
});

test('the notice is accessible and within the page, in both themes, wide and narrow', async () => {
  await deployNext(page);
  await expect.poll(() => notice(page), PATIENT).toContain(OFFER);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 1280]) {
      await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
      await page.setViewportSize({width, height: 740});
      expect(await findAccessibilityProblems(page), `${colorScheme}, ${width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  }
});
