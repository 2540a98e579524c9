import {afterEach, expect, it} from 'vitest';
import {contentSecurityPolicy} from '../../scripts/content-security-policy.mjs';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

let opened: SpotterPage | undefined;

afterEach(async () => {
  await opened?.close();
});

it.each([
  ['no worker', "worker-src 'self'", "worker-src 'none'", 'worker-src'],
  ['no WebAssembly', " 'wasm-unsafe-eval'", '', "'wasm-unsafe-eval'"],
  ['no download', "connect-src 'self'", "connect-src 'none'", 'connect-src'],
])('a site that allows %s is told what to allow', async (_what, part, replacement, words) => {
  const policy = contentSecurityPolicy.replace(part, replacement);
  expect(policy).not.toBe(contentSecurityPolicy);
  opened = await openSpotterPage({headers: {'Content-Security-Policy': policy}});
  const error = await opened.chromium.page.evaluate(async () => {
    try {
      await globalThis.earshot.KeywordSpotter.load();
      return undefined;
    } catch (thrown) {
      const {code, message} = thrown as InstanceType<typeof globalThis.earshot.SpeechError>;
      return {code, message};
    }
  });
  expect(error?.code).toBe('csp-blocked');
  expect(error?.message).toContain(words);
  await expect.poll(() => opened?.chromium.page.workers().length).toBe(0);
});
