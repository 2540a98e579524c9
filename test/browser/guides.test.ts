import {writeFileSync} from 'node:fs';
import {copyFile, mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {launchChromium, type Chromium, type ChromiumOptions} from '../support/chromium.ts';
import {startGuideSite, type GuideSite} from '../support/guide-site.ts';
import {readHeaders} from '../support/guides.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {startStaticServer, type StaticServer} from '../support/static-server.ts';
import {concatenateWithSilence, encodeWav} from '../support/wav.ts';

let site: GuideSite;
let words: string; // WAV file of left, go and stop
let chromium: Chromium | undefined;

beforeAll(async () => {
  site = await startGuideSite(readHeaders('headers'));
  const clips = ['left', 'go', 'stop'].map((word) =>
    readMono(repositoryPath(`test/fixtures/words/${word}.wav`)),
  );
  words = join(site.folder, 'recording.wav');
  writeFileSync(words, encodeWav(concatenateWithSilence(clips, 1200, 16_000).samples, 16_000));
});
afterEach(async () => {
  await chromium?.close();
});
afterAll(async () => {
  await site.close();
});

/** Opens a page of the guides in a browser of its own. */
async function open(name: string, options: ChromiumOptions = {}, {server} = site): Promise<Chromium> {
  chromium = await launchChromium(options);
  await chromium.page.goto(new URL(name, server.url).href);
  return chromium;
}

describe('the pages of the guides, under the headers of the guides', () => {
  test('hear keywords by the tag, and look as they say', async () => {
    const {page, problems} = await open('keywords.html', {microphoneWav: words});
    await page.getByRole('button', {name: 'Listen'}).click();
    await expect
      .poll(() => page.locator('#heard').innerText(), {timeout: 60_000})
      .toMatch(/^left \(\d+ % sure.* go \(.* stop \(/);
    const style = await page.evaluate(() => {
      const listener = document.querySelector('kws-listener')!;
      const button = listener.shadowRoot!.querySelector('button')!;
      return [getComputedStyle(listener).outlineStyle, getComputedStyle(button).textTransform];
    });
    expect(style).toEqual(['solid', 'uppercase']);
    expect(problems).toEqual([]);
  });

  test('write down a recording by the tag', async () => {
    const {page, problems} = await open('transcript.html');
    await page.locator('input').setInputFiles(words);
    await expect.poll(() => page.title(), {timeout: 60_000}).toMatch(/^[1-9] utterances$/);
    expect(await page.locator('live-transcript [part="utterance"]').first().innerText()).toMatch(/\w/);
    expect(problems).toEqual([]);
  });

  test('hear keywords by the SDK until one says stop', async () => {
    const {page, problems} = await open('spot.html', {microphoneWav: words});
    const text = (): Promise<string> => page.locator('body').innerText();
    await expect.poll(text, {timeout: 60_000}).toMatch(/^left 0\.\d\d at \d+ ms, go .*stop /);
    await expect.poll(() => page.workers().length).toBe(0);
    expect(problems).toEqual([]);
  });

  test('write down a recording by the SDK', async () => {
    const {page, problems} = await open('transcribe.html');
    await expect.poll(() => page.locator('body').innerText(), {timeout: 60_000}).toMatch(/^\d+ ms: \w+/);
    expect(problems).toEqual([]);
  });

  test('give advice where the microphone is refused, and what was heard until time is up', async () => {
    const {page} = await open('errors.html', {
      extraArgs: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
    });
    expect(await page.evaluate(listenByGuide(20_000))).toEqual([]);
    expect(await page.locator('body').innerText()).toBe('Allow the microphone in the site settings.');
    await chromium?.close();

    const hearing = await open('errors.html', {microphoneWav: words});
    expect(await hearing.page.evaluate(listenByGuide(12_000))).toContain('left');
  });

  test('list the systems', async () => {
    const {page} = await open('systems.html');
    const text = (): Promise<string> => page.locator('body').innerText();
    await expect.poll(text).toMatch(/earshot-kws: .*, built in, .*wav2vec2-base: .*, https:/);
  });
});

describe.skipIf(!hasShared)("models of another origin (Arm's file from ../shared)", () => {
  let models: StaticServer;
  let published: string; // folder that is served
  let hosted: GuideSite;

  beforeAll(async () => {
    published = await mkdtemp(join(tmpdir(), 'earshot-models-'));
    await mkdir(join(published, 'micronet-large'));
    const file = sharedPath('models/micronet_large_int8.tflite');
    await copyFile(file, join(published, 'micronet-large/kws_micronet_l.tflite'));
    models = await startStaticServer(published, {headers: readHeaders('mirror-headers')});
    const {origin} = new URL(models.url);
    const headers = readHeaders('headers');
    const policy = headers['Content-Security-Policy'] ?? '';
    const allowing = policy.replace("connect-src 'self'", `connect-src 'self' ${origin}`);
    hosted = await startGuideSite({...headers, 'Content-Security-Policy': allowing}, origin);
  });
  afterAll(async () => {
    await hosted.close();
    await models.close();
    await rm(published, {recursive: true});
  });

  test('run by the tag, and are kept: the next visit asks for none', async () => {
    const {page, problems} = await open('mirror.html', {microphoneWav: words}, hosted);
    const listen = async (): Promise<void> => {
      await page.getByRole('button', {name: 'Listen'}).click();
      const status = page.locator('kws-listener [part="status"]');
      await expect.poll(() => status.innerText(), {timeout: 60_000}).toBe('Listening');
    };
    await listen();
    const requestCount = models.requests.length;
    expect(requestCount).toBeGreaterThan(0);
    await page.reload();
    await listen();
    expect(models.requests.slice(requestCount)).toEqual([]);
    expect(await page.locator('[part="unverified"]').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test('are listed, got and removed by the SDK', async () => {
    const {page, problems} = await open('models.html', {}, hosted);
    const call = (code: string): Promise<unknown> => page.evaluate(`import('/models.js').then(${code})`);
    await call("({install}) => install('micronet-large')");
    expect(await page.title()).toMatch(/^\w+: \d+ of \d+ bytes/);
    expect(await call('({listInstalled}) => listInstalled()')).toMatch(/micronet-large.*: \d+ of \d+ bytes/);
    await call("({uninstall}) => uninstall('micronet-large')");
    expect(await call('({listInstalled}) => listInstalled()')).not.toContain('micronet-large');
    expect(problems).toEqual([]);
  });
});

test('a page with a service worker hears with the server gone, after one visit', async () => {
  const own = await startGuideSite(readHeaders('headers'));
  try {
    const {page, context} = await open('offline.html', {microphoneWav: words, serviceWorker: true}, own);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.close();
    await own.server.close();

    const again = await context.newPage();
    await again.addInitScript(() => {
      globalThis.heard = [];
      document.addEventListener('kws-detect', ({keyword}) => globalThis.heard.push(keyword));
    });
    await again.goto(new URL('offline.html', own.server.url).href);
    await again.getByRole('button', {name: 'Listen'}).click();
    await expect
      .poll(() => again.evaluate(() => globalThis.heard), {timeout: 60_000})
      .toEqual(['left', 'go', 'stop']);
  } finally {
    await chromium?.close();
    await own.close();
  }
});

test('a page that also sends the headers of isolation may have threads, and still hears', async () => {
  const isolated = await startGuideSite({...readHeaders('headers'), ...readHeaders('isolation-headers')});
  try {
    const {page, problems} = await open('keywords.html', {microphoneWav: words}, isolated);
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
    await page.getByRole('button', {name: 'Listen'}).click();
    await expect.poll(() => page.locator('#heard').innerText(), {timeout: 60_000}).toMatch(/^left /);
    expect(problems).toEqual([]);
  } finally {
    await chromium?.close();
    await isolated.close();
  }
});

declare global {
  var heard: string[];
}

/** What runs in the page, as text: the test runner would rewrite an import() inside a function. */
function listenByGuide(ms: number): string {
  return `import('/errors.js').then(({listenFor}) => listenFor(${ms}))`;
}
