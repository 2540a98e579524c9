import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {startListenerPage, type ListenerPage} from '../support/listener-page.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {concatenateWithSilence, writeWav} from '../support/wav.ts';

const WORDS = ['stop', 'go', 'left'];
const folder = mkdtempSync(join(tmpdir(), 'earshot-listener-'));
const microphoneWav = join(folder, 'words.wav');
let site: ListenerPage;

beforeAll(() => {
  const clips = WORDS.map((word) => readMono(repositoryPath(`test/fixtures/words/${word}.wav`)));
  writeWav(microphoneWav, concatenateWithSilence(clips, 1200, 16000).samples, 16000);
});
afterEach(async () => {
  await site.close();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

test('one tag is enough: it starts by itself, hears the words and says them, and asks for nothing meanwhile', async () => {
  site = await startListenerPage({microphoneWav});
  const {page, chromium, server} = site;
  await page.addInitScript(() => {
    globalThis.heard = [];
    document.addEventListener('kws-detect', ({keyword}) => globalThis.heard.push(keyword));
  });
  await site.open('autostart threshold="0.5"'); // a synthetic voice is not what the network was trained for

  await expect
    .poll(() => page.evaluate(() => globalThis.listener.state.name), {timeout: 30_000})
    .toBe('listening');
  const requestCount = server.requests.length;
  await expect.poll(() => page.evaluate(() => globalThis.heard), {timeout: 10_000}).toEqual(WORDS);
  const said = await page.locator('kws-listener [role="log"] p').allTextContents();
  expect(said).toContain('Heard left');
  expect(server.requests.slice(requestCount)).toEqual([]);
  expect(chromium.problems).toEqual([]);
});

test('taking the element out of the page ends its worker; back in, its button starts anew', async () => {
  site = await startListenerPage({microphoneWav});
  const {page} = site;
  await site.open();
  await site.button().click();
  const stateName = (): Promise<string> => page.evaluate(() => globalThis.listener.state.name);
  await expect.poll(stateName, {timeout: 30_000}).toBe('listening');
  expect(page.workers().length).toBe(1);
  await page.evaluate(() => {
    globalThis.listener.remove();
  });
  expect(await stateName()).toBe('idle');
  await expect.poll(() => page.workers().length).toBe(0);
  await page.evaluate(() => {
    document.querySelector('main')!.append(globalThis.listener);
  });
  await site.button().click();
  await expect.poll(stateName, {timeout: 30_000}).toBe('listening');
});

test('a visitor who does not allow the microphone reads how to, and a change of mind is one press away', async () => {
  site = await startListenerPage({
    extraArgs: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
  });
  const {page, chromium} = site;
  await site.open();
  await site.button().click();
  await expect.poll(() => site.part('error').count(), {timeout: 30_000}).toBe(1);
  expect(await site.part('error').innerText()).toContain('Allow the microphone in the site settings');
  await chromium.context.grantPermissions(['microphone']);
  await site.button().click();
  await expect.poll(() => site.part('status').innerText(), {timeout: 10_000}).toBe('Listening');
  expect(await page.locator('kws-listener [part="error"]').count()).toBe(0);
});

test('a page without a microphone says so', async () => {
  site = await startListenerPage();
  await site.open();
  await site.button().click();
  await expect.poll(() => site.part('error').count(), {timeout: 30_000}).toBe(1);
  expect(await site.part('error').innerText()).toContain('No microphone could be opened.');
});

declare global {
  var heard: string[];
}
