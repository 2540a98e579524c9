import {afterAll, beforeAll, expect, test} from 'vitest';
import {launchChromium, type Chromium} from '../support/chromium.ts';
import {startStaticServer, type StaticServer} from '../support/static-server.ts';

let server: StaticServer;
let chromium: Chromium;

beforeAll(async () => {
  server = await startStaticServer('dist/demo', {basePath: '/some/where/'});
  chromium = await launchChromium();
});

afterAll(async () => {
  await chromium.close();
  await server.close();
});

test('loads from a sub-path under the strict policy without an error or a violation', async () => {
  const response = await chromium.page.goto(server.url, {waitUntil: 'networkidle'});
  expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
  expect(chromium.problems).toEqual([]);
});

test('runs no inline script and takes no inline style, so the policy is in force', async () => {
  await chromium.page.goto(server.url);
  const ran = await chromium.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "inline script ran"';
    document.body.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { color: rgb(1, 2, 3) }';
    document.body.append(style);
    return {title: document.title, colour: getComputedStyle(document.body).color};
  });
  expect(ran.title).not.toBe('inline script ran');
  expect(ran.colour).not.toBe('rgb(1, 2, 3)');
});

test('asks for nothing outside of its own folder', () => {
  expect(server.requests.filter((path) => !path.startsWith('/some/where/'))).toEqual([]);
});
