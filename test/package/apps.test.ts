import {createHash} from 'node:crypto';
import {cp, readdir, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {createServer} from 'vite';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {contentSecurityPolicy, securityHeaders} from '../../scripts/content-security-policy.mjs';
import {launchChromium, type Chromium} from '../support/chromium.ts';
import {readSample} from '../support/guides.ts';
import {packPackage, toolPath, type PackedPackage} from '../support/packed-package.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {startStaticServer} from '../support/static-server.ts';
import {concatenateWithSilence, writeWav} from '../support/wav.ts';

const SAMPLE_RATE_HZ = 16_000;
const clip = repositoryPath('test/fixtures/audio/yes.flac');

/** A page with a listening element; browsers ask for an icon, which is empty. */
const elementPage = (icon: string, script: string): string => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>An app that spots keywords</title><link rel="icon" href="${icon}"></head>
  <body><kws-listener autostart></kws-listener>${script}</body>
</html>
`;

/** The guide's script; what the page hears is noted. */
const elementScript = `
${readSample('main.js')}
globalThis.heard = [];
document.addEventListener('kws-detect', ({keyword}) => globalThis.heard.push(keyword));
document.addEventListener('kws-error', ({error}) => globalThis.heard.push(String(error)));
`;

let packed: PackedPackage;
let chromium: Chromium; // its microphone says "yes" again and again
beforeAll(async () => {
  packed = await packPackage();
  const {samples} = concatenateWithSilence([readMono(clip)], 1000, SAMPLE_RATE_HZ);
  const microphoneWav = join(packed.folder, 'yes.wav');
  writeWav(microphoneWav, samples, SAMPLE_RATE_HZ);
  chromium = await launchChromium({microphoneWav, loop: true});
});
afterAll(async () => {
  await chromium.close();
  await packed.close();
});

const viteApp = {
  'index.html': elementPage('/icon.ico', '<script type="module" src="/main.js"></script>'),
  'main.js': elementScript,
  'public/icon.ico': '',
};

test('a Vite app without a configuration hears a keyword, under the strict policy', async () => {
  const app = await packed.createApp('vite', viteApp);
  await app.run(toolPath('vite/bin/vite.js'), 'build');
  await removeRuntimeOfWebgpu(join(app.folder, 'dist/assets'));
  expect(await firstHeard(join(app.folder, 'dist'))).toBe('yes');
});

test('a Vite app hears a keyword from the development server too, with a configuration or without one', async () => {
  for (const [name, config] of Object.entries({
    plain: 'export default {};',
    guide: readSample('vite.config.js'),
  })) {
    const app = await packed.createApp(`vite-development-${name}`, {...viteApp, 'vite.config.js': config});
    const server = await createServer({
      root: app.folder,
      logLevel: 'error',
      server: {port: 0, host: 'localhost'},
    });
    await server.listen();
    try {
      expect(await firstHeardAt(server.resolvedUrls?.local[0] ?? ''), name).toBe('yes');
    } finally {
      await server.close();
    }
  }
});

test('a Vite app below a sub-path, configured as the guide says, hears a keyword', async () => {
  const app = await packed.createApp('vite-modules', {
    ...viteApp,
    'vite.config.js': readSample('vite.config.js'),
  });
  await app.run(toolPath('vite/bin/vite.js'), 'build');
  expect(await firstHeard(join(app.folder, 'dist'), {basePath: '/some/where/'})).toBe('yes');
});

test('a webpack app without a configuration hears a keyword, under the strict policy', async () => {
  const app = await packed.createApp('webpack', {
    'src/index.js': elementScript,
    'dist/index.html': elementPage('icon.ico', '<script defer src="main.js"></script>'),
    'dist/icon.ico': '',
  });
  // smaller scripts are no part of what is tested, and take longer than everything else
  const options = ['--mode', 'production', '--no-optimization-minimize'];
  const printed = await app.run(toolPath('webpack/bin/webpack.js'), ...options).catch(String);
  expect(printed).toMatch(/compiled (successfully|with \d+ warnings?) in/); // of large files it warns
  expect(printed).not.toContain('Critical dependency');
  expect(await firstHeard(join(app.folder, 'dist'))).toBe('yes');
});

test('a static page with an import map, below a sub-path, hears a keyword', async () => {
  const html = readSample('import-map.html');
  const app = await packed.createApp('static', {
    'site/main.js': elementScript,
    'site/favicon.ico': '',
    'site/index.html': html,
  });
  await cp(join(packed.packageFolder, 'dist/package'), join(app.folder, 'site/earshot'), {recursive: true});
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(html) ?? [];
  const hash = createHash('sha256').update(map).digest('base64');
  const policy = contentSecurityPolicy.replace("script-src 'self'", `script-src 'self' 'sha256-${hash}'`);
  const headers = {...securityHeaders, 'Content-Security-Policy': policy};
  const site = {basePath: '/some/where/', headers};
  expect(await firstHeard(join(app.folder, 'site'), site)).toBe('yes');
});

describe('in Node', () => {
  const importing = `
    import {KeywordSpotter, keywordSystems} from 'earshot';
    import {KwsListener} from 'earshot/elements';
    import 'earshot/define';
    const error = await KeywordSpotter.load('earshot-kws').catch((error) => error);
    console.log(JSON.stringify([keywordSystems.map(({id}) => id), typeof KwsListener, error.code, error.message]));
  `;

  test('every entry can be imported, for pages that a server renders; loading says that there is no page', async () => {
    const app = await packed.createApp('server', {'server.js': importing});
    const [ids, element, code, message] = JSON.parse(await app.run('server.js')) as [string[], ...string[]];
    expect(ids).toContain('earshot-kws');
    expect([element, code]).toEqual(['function', 'engine-unavailable']);
    expect(message).toContain('got no page, expected a page');
  });

  test('a script spots the keywords of a file by the command that is installed', async () => {
    const script = `
      import {execFileSync} from 'node:child_process';
      const report = execFileSync('npx', ['--no-install', 'earshot', 'spot', ${JSON.stringify(clip)}, '--json']);
      console.log(JSON.parse(report).files[0].detections[0].keyword);
    `;
    const app = await packed.createApp('script', {'spot.js': script});
    expect((await app.run('spot.js')).trim()).toBe('yes');
  });
});

/** What a site's page hears first; the problems of the page where it hears nothing. */
async function firstHeard(
  folder: string,
  options: NonNullable<Parameters<typeof startStaticServer>[1]> = {},
): Promise<unknown> {
  const server = await startStaticServer(folder, options);
  try {
    return await firstHeardAt(server.url);
  } finally {
    await server.close();
  }
}

async function firstHeardAt(url: string): Promise<unknown> {
  const problemCount = chromium.problems.length;
  const {page} = chromium;
  try {
    await page.goto(url);
    const heard = await untilHeard(page).catch(() => undefined);
    expect(chromium.problems.slice(problemCount)).toEqual([]);
    return heard;
  } finally {
    await page.goto('about:blank');
  }
}

/** Deletes what the guide says that an app without `onnx-webgpu` may delete; it is as large as the guide says. */
async function removeRuntimeOfWebgpu(folder: string): Promise<void> {
  const names = await readdir(folder);
  const found = names.filter((name) => /^ort-wasm-simd-threaded\.asyncify.*\.wasm$/.test(name));
  expect(found).toHaveLength(1);
  for (const name of found) {
    const {size} = await stat(join(folder, name));
    expect((size / 1e6).toFixed(1)).toBe('26.8');
    await rm(join(folder, name));
  }
}

async function untilHeard(page: Page): Promise<unknown> {
  const handle = await page.waitForFunction(
    () => (globalThis as {readonly heard?: readonly string[]}).heard?.[0],
    undefined,
    {timeout: 60_000},
  );
  return await handle.jsonValue();
}
