import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {get} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {contentSecurityPolicy} from '../../../scripts/content-security-policy.mjs';
import {serveFolder, type FolderServer} from '../../../scripts/serve-folder.mjs';

describe('the server of a folder', () => {
  let parent: string;
  let folder: string;
  let server: FolderServer;

  beforeEach(async () => {
    parent = mkdtempSync(join(tmpdir(), 'earshot-serve-'));
    folder = join(parent, 'site');
    mkdirSync(join(folder, 'sub'), {recursive: true});
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'sub/code.js'), 'export {};');
    writeFileSync(join(folder, 'some.wasm'), 'wasm');
    writeFileSync(join(parent, 'secret.txt'), 'secret');
    server = await serveFolder(folder, {basePath: '/a/b/'});
  });

  afterEach(async () => {
    await server.close();
    rmSync(parent, {recursive: true});
  });

  test('gives files below its base path, with the type that modules and wasm need, under the policy', async () => {
    const script = await fetch(new URL('sub/code.js', server.url));
    expect(await script.text()).toBe('export {};');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect((await fetch(new URL('some.wasm', server.url))).headers.get('content-type')).toBe(
      'application/wasm',
    );
  });

  test('gives index.html for the folder itself', async () => {
    expect(await (await fetch(server.url)).text()).toBe('<!doctype html>');
  });

  test('has nothing outside of its base path, and no file that is not there', async () => {
    expect((await fetch(new URL('/index.html', server.url))).status).toBe(404);
    expect((await fetch(new URL('absent.js', server.url))).status).toBe(404);
    expect((await fetch(new URL('sub', server.url))).status).toBe(404);
  });

  test.each(['../secret.txt', '%2e%2e/secret.txt', '..%2fsecret.txt', 'sub/..%2f..%2fsecret.txt', '%'])(
    'does not leave its folder for %s',
    async (path) => {
      // fetch() would resolve the dots itself
      const status = await new Promise((done, fail) => {
        get({port: server.port, host: '127.0.0.1', path: `/a/b/${path}`}, (response) => {
          response.resume();
          done(response.statusCode);
        }).once('error', fail);
      });
      expect(status).toBe(404);
    },
  );

  test('only gives', async () => {
    expect((await fetch(server.url, {method: 'POST'})).status).toBe(405);
    const head = await fetch(server.url, {method: 'HEAD'});
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '15']);
  });

  test('takes the next port where one is busy, as often as it may', async () => {
    const next = await serveFolder(folder, {port: server.port, portAttempts: 20});
    expect(next.port).toBeGreaterThan(server.port);
    await next.close();
    await expect(serveFolder(folder, {port: server.port})).rejects.toMatchObject({code: 'EADDRINUSE'});
  });

  test('tells of every request', async () => {
    const paths: string[] = [];
    const listening = await serveFolder(folder, {onRequest: (path) => paths.push(path)});
    await fetch(`${listening.url}index.html?a=1`);
    await listening.close();
    expect(paths).toEqual(['/index.html?a=1']);
  });
});
