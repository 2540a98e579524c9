import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {launchChromium, type Chromium} from '../support/chromium.ts';
import {startStaticServer, type StaticServer} from '../support/static-server.ts';

const PATH = '/vendor/earshot/';

/** Two copies of the package: on the page's own origin, and on another that lets every page read its files. */
let here: StaticServer;
let elsewhere: StaticServer;
let chromium: Chromium;
beforeAll(async () => {
  here = await startStaticServer('dist/package', {basePath: PATH, headers: {}});
  elsewhere = await startStaticServer('dist/package', {
    basePath: PATH,
    headers: {'Access-Control-Allow-Origin': '*'},
  });
  chromium = await launchChromium();
  // a real document of that origin: of one that Playwright makes up, Chromium lets no request go to this machine
  await chromium.page.goto(new URL('not-there', here.url).href);
});
afterAll(async () => {
  await chromium.close();
  await here.close();
  await elsewhere.close();
});

describe('a worker of another origin is refused with what the page must serve itself', () => {
  test('where the package comes from there', async () => {
    const {code, message} = await load({packageUrl: elsewhere.url});
    expect(code).toBe('engine-unavailable');
    expect(message).toContain(`expected the page's own origin, ${new URL(here.url).origin}`);
    expect(message).toContain(
      'serve speech.worker.js, capture.worklet.js and what lies beside them from there',
    );
  });

  test('where the page names a folder there', async () => {
    const {code, message} = await load({packageUrl: here.url, assetBase: elsewhere.url});
    expect(code).toBe('engine-unavailable');
    expect(message).toContain(`got ${new URL(elsewhere.url).origin}`);
  });
});

test('models come from another origin that lets pages read its files', async () => {
  const mirror = new URL('models/', elsewhere.url).href;
  expect(await load({packageUrl: here.url, mirror})).toEqual({loaded: 'earshot-kws'});
  expect(elsewhere.requests).toContain(`${PATH}models/earshot-kws/earshot-kws.safetensors`);
  expect(here.requests).not.toContain(`${PATH}models/earshot-kws/earshot-kws.safetensors`);
});

test('a package of another origin loads with what the page serves itself', async () => {
  expect(await load({packageUrl: elsewhere.url, assetBase: here.url})).toEqual({loaded: 'earshot-kws'});
});

/** What came of loading a spotter in the page. */
interface Outcome {
  readonly loaded?: string;
  readonly code?: string;
  readonly message?: string;
}

/** Loads a spotter in the page; what was loaded once is in its store of models. */
async function load(asked: {
  readonly packageUrl: string;
  readonly assetBase?: string;
  readonly mirror?: string;
}): Promise<Outcome> {
  // as text: Vitest would make an import of its own of this one
  return await chromium.page.evaluate<Outcome>(`(async ({packageUrl, ...options}) => {
    const {KeywordSpotter} = await import(packageUrl + 'index.js');
    return await KeywordSpotter.load('earshot-kws', options).then(
      (spotter) => (spotter.dispose(), {loaded: spotter.systemId}),
      ({code, message}) => ({code, message}),
    );
  })(${JSON.stringify(asked)})`);
}
