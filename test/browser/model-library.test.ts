import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {contentSecurityPolicy} from '../../scripts/content-security-policy.mjs';
import type {} from '../../src/define.ts';
import {startMirror, type MirrorServer} from '../support/mirror-server.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

const MICRONET = 'micronet-large/kws_micronet_l.tflite';
const PUBLISHED_SHA256 = '15723bcc7d73599546cfebd289632799393e329df84bba883205b08b666a1aa3';
const BUILT_IN = 'models/earshot-kws/earshot-kws.safetensors';

let site: SpotterPage;
let page: SpotterPage['chromium']['page'];

const openSite = async (policy = contentSecurityPolicy): Promise<void> => {
  site = await openSpotterPage({headers: {'Content-Security-Policy': policy}});
  page = site.chromium.page;
};

/** A later visit: the page is opened anew. */
async function visitAgain(): Promise<void> {
  await page.reload();
  await page.evaluate(
    `import(${JSON.stringify(`${site.server.url}index.js`)}).then((earshot) => { globalThis.earshot = earshot; })`,
  );
}

/** Loads a spotter; what it was made from, or the error. */
async function load(systemId: string, options: {mirror?: string; askAbove?: number} = {}) {
  return await page.evaluate(
    async ([id, given]) => {
      try {
        const spotter = await globalThis.earshot.KeywordSpotter.load(id, given);
        const {weights, storage} = spotter.info!;
        spotter.dispose();
        return {weights, storage};
      } catch (thrown) {
        const {code, message} = thrown as InstanceType<typeof globalThis.earshot.SpeechError>;
        return {code, message};
      }
    },
    [systemId, options] as const,
  );
}

/** Changes a byte of every model that is kept, as a failing disk would. */
async function damageStoredFiles(): Promise<number> {
  return await page.evaluate(async () => {
    let count = 0;
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, entry] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
        if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle);
        else if (/^[0-9a-f]{64}$/.test(name)) {
          const writable = await (entry as FileSystemFileHandle).createWritable({keepExistingData: true});
          await writable.write({type: 'write', position: 5000, data: new Uint8Array([1, 2, 3])});
          await writable.close();
          count++;
        }
      }
    };
    await walk(await navigator.storage.getDirectory());
    return count;
  });
}

/** Removes every model that is kept, as browsers do where room is short. */
async function clearStoredFiles(): Promise<void> {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('earshot-models', {recursive: true});
  });
}

async function isInstalled(modelId: string): Promise<boolean | undefined> {
  return await page.evaluate(async (wanted) => {
    const library = new globalThis.earshot.ModelLibrary();
    const {models} = await library.list();
    library.dispose();
    return models.find(({id}) => id === wanted)?.isInstalled;
  }, modelId);
}

/** Runs in the page: its visitor has asked the browser to save data. */
function saveData(): void {
  Object.defineProperty(navigator, 'connection', {value: {saveData: true}});
}

const builtInRequests = () => site.server.requests.filter((path) => path.endsWith(BUILT_IN)).length;

afterEach(async () => {
  await site.close();
});

describe('the built-in model', () => {
  beforeEach(async () => {
    await openSite();
  });

  it('is downloaded once, and loads without a request on every later visit', async () => {
    expect(await load('earshot-kws')).toMatchObject({weights: {verified: true}, storage: {kind: 'opfs'}});
    await visitAgain();
    expect(await load('earshot-kws')).toMatchObject({weights: {verified: true}, storage: {kind: 'opfs'}});
    expect(builtInRequests()).toBe(1);
  });

  it('is compared with its digest on every load, and comes anew where it has changed in storage', async () => {
    await load('earshot-kws');
    expect(await damageStoredFiles()).toBeGreaterThan(0);
    expect(await load('earshot-kws')).toMatchObject({weights: {verified: true}});
    expect(builtInRequests()).toBe(2);
  });

  it('comes anew where the browser has cleared it, and is then kept again', async () => {
    await load('earshot-kws');
    await clearStoredFiles();
    expect(await isInstalled('earshot-kws')).toBe(false);
    await load('earshot-kws');
    expect(await isInstalled('earshot-kws')).toBe(true);
    await load('earshot-kws');
    expect(builtInRequests()).toBe(2);
  });

  it('is not downloaded unasked by a visitor who saves data, where it is large, though the page sets no limit', async () => {
    const transcriber = () =>
      page.evaluate(async () => {
        try {
          (await globalThis.earshot.Transcriber.load('earshot-ctc', {languageModel: 'none'})).dispose();
          return 'loaded';
        } catch (error) {
          return (error as Error).message;
        }
      });
    await page.evaluate(saveData);
    const path = 'models/earshot-ctc/earshot-ctc.safetensors';
    expect(await transcriber()).toMatch(/^got [\d.]+ MB to download \(earshot-ctc\.safetensors\)/);
    expect(site.server.requests.filter((request) => request.endsWith(path))).toEqual([]);
    await visitAgain(); // as one who does not
    expect(await transcriber()).toBe('loaded');
    expect(site.server.requests.filter((request) => request.endsWith(path))).toHaveLength(1);
  });
});

describe.skipIf(!hasShared)('a published model (skipped where ../shared is absent)', () => {
  let mirror: MirrorServer;

  beforeAll(async () => {
    mirror = await startMirror({[MICRONET]: sharedPath('models', 'micronet_large_int8.tflite')});
  });
  afterAll(async () => {
    await mirror.close();
  });

  const allowing = (origin: string): string =>
    contentSecurityPolicy.replace("connect-src 'self'", `connect-src 'self' ${origin}`);

  it('comes from the mirror by its published digest, and works with that gone', async () => {
    const own = await startMirror({[MICRONET]: sharedPath('models', 'micronet_large_int8.tflite')});
    await openSite(allowing(own.origin));
    const loaded = await load('micronet-large', {mirror: own.url});
    expect(loaded).toMatchObject({
      weights: {sha256: PUBLISHED_SHA256, verified: true, what: 'the published file'},
      storage: {kind: 'opfs'},
    });
    expect(own.requests).toEqual([MICRONET]);
    await own.close();
    await visitAgain();
    expect(await load('micronet-large', {mirror: own.url})).toEqual(loaded);
    // another session, without the mirror, has it too
    expect(await load('micronet-large')).toEqual(loaded);
  });

  it('is refused where the policy does not allow the mirror, with the line to add', async () => {
    await openSite();
    const refused = await load('micronet-large', {mirror: mirror.url});
    expect(refused).toMatchObject({code: 'csp-blocked'});
    expect(refused.message).toContain(`connect-src 'self' ${mirror.origin}`);
  });

  it('is not downloaded unasked where the page sets a lower limit, for a visitor who saves data too', async () => {
    await openSite(allowing(mirror.origin));
    await page.evaluate(saveData);
    const before = mirror.requests.length;
    expect(await load('micronet-large', {mirror: mirror.url, askAbove: 0.1})).toMatchObject({
      code: 'aborted',
      message: expect.stringContaining('got 0.7 MB to download (kws_micronet_l.tflite)') as string,
    });
    expect(mirror.requests).toHaveLength(before);
  });

  it('is got, listed, checked and removed by the page', async () => {
    await openSite(allowing(mirror.origin));
    const told = await page.evaluate(async (mirrorUrl) => {
      const library = new globalThis.earshot.ModelLibrary({mirror: mirrorUrl});
      const entry = async () =>
        (await library.list()).models.find(({id}: {readonly id: string}) => id === 'micronet-large');
      const before = await entry();
      const progress: {loaded: number; total: number}[] = [];
      await library.get('micronet-large', {onProgress: (step) => progress.push(step)});
      await library.verify('micronet-large');
      const after = await entry();
      const {kind, modelBytes, quotaBytes = 0} = await library.estimate();
      await library.remove('micronet-large');
      const removed = await entry();
      library.dispose();
      return {before, after, removed, last: progress.at(-1), kind, modelBytes, quotaBytes};
    }, mirror.url);
    expect(told.before).toMatchObject({isInstalled: false, storedBytes: 0});
    expect(told.last).toMatchObject({loaded: 658_832, total: 658_832});
    expect(told.after).toMatchObject({isInstalled: true, storedBytes: 658_832});
    expect(told.after?.files[0]?.storedSha256).toBe(PUBLISHED_SHA256);
    expect(told.kind).toBe('opfs');
    expect(told.modelBytes).toBeGreaterThanOrEqual(658_832);
    expect(told.quotaBytes).toBeGreaterThan(told.modelBytes);
    expect(told.removed).toMatchObject({isInstalled: false, storedBytes: 0});
  });

  it('is asked for by the element, and downloaded when the visitor says so; a page may answer instead', async () => {
    await openSite(allowing(mirror.origin));
    await page.evaluate(`import(${JSON.stringify(`${site.server.url}define.js`)})`);
    await page.evaluate((mirrorUrl) => {
      const listener = document.createElement('kws-listener');
      listener.model = 'micronet-large';
      listener.mirror = mirrorUrl;
      listener.askAbove = 0.1;
      document.body.append(listener);
    }, mirror.url);
    const listener = page.locator('kws-listener');
    const begin = () =>
      page.evaluate(() => {
        void document
          .querySelector('kws-listener')!
          .load()
          .catch(() => undefined);
      });
    const state = () => page.evaluate(() => document.querySelector('kws-listener')!.state.name);
    await begin();
    await expect
      .poll(() => listener.locator('[part=question]').innerText())
      .toContain('1 MB will be downloaded');
    await listener.getByRole('button', {name: 'Not now'}).click();
    await expect.poll(state).toBe('idle');
    expect(await listener.locator('[part=question]').count()).toBe(0);
    await page.evaluate(() => {
      const decline = (event: DocumentEventMap['kws-ask']): void => {
        event.respondWith(false);
      };
      document.addEventListener('kws-ask', decline, {once: true});
    });
    const declined = page.evaluate(async () => {
      const error: unknown = await document
        .querySelector('kws-listener')!
        .load()
        .catch((reason: unknown) => reason);
      return (error as Error).name;
    });
    expect(await declined).toBe('AbortError');
    await begin();
    await listener.getByRole('button', {name: 'Download'}).click();
    await expect.poll(state, {timeout: 10_000}).toBe('ready');
  });
});
