import {createHash} from 'node:crypto';
import {beforeEach, describe, expect, it} from 'vitest';
import {parseIsolation} from '../../../src/offline/isolation.ts';
import {OfflineService, type OfflineOptions} from '../../../src/offline/offline-service.ts';
import type {Release} from '../../../src/offline/release.ts';
import {fakeCaches} from '../../support/fake-caches.ts';

const BASE = 'https://site.example/app/';

/** Files of a site by path, and in which part of a release they are. */
type Files = Readonly<Record<string, readonly [content: string, part?: string]>>;

const first: Files = {
  'index.html': ['page 1'],
  'main-1.js': ['main 1'],
  'worker-1.js': ['worker 1'],
  'models/a.bin': ['model 1', 'speech'],
  'runtime-1.wasm': ['runtime', 'engine'],
};
const second: Files = {
  'index.html': ['page 2'],
  'main-2.js': ['main 2'],
  'worker-2.js': ['worker 2'],
  'models/a.bin': ['model 2', 'speech'],
  'models/b.bin': ['new in 2', 'speech'],
  'runtime-1.wasm': ['runtime', 'engine'],
};

function releaseOf(version: string, files: Files): Release {
  const entries = Object.entries(files).map(([path, [content, part]]) => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    return [path, {sha256, ...(part !== undefined && {part})}] as const;
  });
  return {version, files: Object.fromEntries(entries)};
}

/** A site and a browser that has pages of it. */
class World {
  readonly caches = fakeCaches();
  readonly fetched: string[] = [];
  readonly clients = new Map<string, string>();
  readonly running: string[] = [];
  served: Files | undefined = first; // undefined: the server is gone
  answer: ((path: string) => Response | undefined) | undefined; // in place of the file
  #time = 0;

  service(release: Release, options: Partial<OfflineOptions> = {}): OfflineService {
    return new OfflineService(
      {
        caches: this.caches,
        fetch: async (request) => this.#fetch(typeof request === 'string' ? request : request.url),
        urlOfClient: async (id) => this.clients.get(id),
        runningScripts: async () => this.running,
        skipWaiting: async () => {
          this.fetched.push('skipWaiting');
        },
        now: () => ++this.#time,
      },
      {release, base: BASE, ...options},
    );
  }

  #fetch(url: string): Response {
    const path = url.slice(BASE.length);
    this.fetched.push(path);
    if (!this.served) throw new TypeError('Failed to fetch');
    const special = this.answer?.(path);
    if (special) return special;
    const [content] = this.served[path || 'index.html'] ?? [];
    if (content === undefined) return new Response('Not found', {status: 404});
    const headers = {'Content-Type': 'text/x', 'Content-Encoding': 'gzip', Vary: '*'};
    return new Response(content, {headers});
  }
}

/** What a page gets, once all that is kept of it is kept; undefined where the service leaves it to the browser. */
async function ask(
  service: OfflineService,
  path: string,
  {clientId = '', ...init}: RequestInit & {clientId?: string} = {},
): Promise<Response | undefined> {
  const pending: Promise<unknown>[] = [];
  const response = await service.respond(new Request(new URL(path, BASE), init), {
    clientId,
    waitUntil: (done) => pending.push(done),
  });
  await Promise.all(pending);
  return response;
}

async function textOf(...parameters: Parameters<typeof ask>): Promise<string | undefined> {
  return (await ask(...parameters))?.text();
}

let world: World;
let service: OfflineService;
const release1 = releaseOf('1', first);
const release2 = releaseOf('2', second);

beforeEach(async () => {
  world = new World();
  service = world.service(release1);
  await service.install();
});

describe('with the server gone', () => {
  it('gives the page and its code after the first visit, and not what nobody used', async () => {
    expect(world.fetched.sort()).toEqual(['index.html', 'main-1.js', 'worker-1.js']);
    world.served = undefined;
    expect(await textOf(service, '')).toBe('page 1');
    expect(await textOf(service, './?utm=1#transcription')).toBe('page 1');
    expect(await textOf(service, 'main-1.js')).toBe('main 1');
    await expect(ask(service, 'models/a.bin')).rejects.toThrow('Failed to fetch');
  });

  it('gives what was used once, with headers of the file as it is kept', async () => {
    expect(await textOf(service, 'models/a.bin')).toBe('model 1');
    world.served = undefined;
    const response = await ask(service, 'models/a.bin');
    expect(Object.fromEntries(response!.headers)).toEqual({'content-type': 'text/x', 'content-length': '7'});
    expect(await response?.text()).toBe('model 1');
  });

  it('gives the parts that the page says it uses, though they were fetched before there was a service', async () => {
    await service.receive({kind: 'earshot-keep', parts: ['engine', 'unheard-of']});
    world.served = undefined;
    expect(await textOf(service, 'runtime-1.wasm')).toBe('runtime');
  });

  it('gives what the site said last of what is of no release', async () => {
    world.answer = (path) => (path.endsWith('.json') ? Response.json({newest: true}) : undefined);
    expect(await textOf(service, 'models/x/manifest.json')).toBe('{"newest":true}');
    world.answer = () => new Response('<!doctype html>');
    expect(await textOf(service, 'models/x/manifest.json')).toBe('<!doctype html>'); // passed on, and not kept
    world.served = undefined;
    expect(await textOf(service, 'models/x/manifest.json')).toBe('{"newest":true}');
    await expect(ask(service, 'models/y/manifest.json')).rejects.toThrow('Failed to fetch');
  });

  it('needs no server for what a page of the site asks for with a Range: it gets the whole, as HTTP allows', async () => {
    await ask(service, 'models/a.bin');
    world.served = undefined;
    const response = await ask(service, 'models/a.bin', {headers: {Range: 'bytes=3-'}});
    expect(response?.status).toBe(200);
    expect(await response?.text()).toBe('model 1');
  });
});

describe('what the server sends is passed on and not kept where it is', () => {
  it.each<[string, () => Response]>([
    ['a piece', () => new Response('mod', {status: 206, headers: {'Content-Range': 'bytes 0-2/7'}})],
    ['an error page', () => new Response('gone', {status: 404})],
    ['a page in place of the file', () => new Response('<!doctype html>')],
    ['cut off', () => new Response('model')],
    ['the file of another release', () => new Response('model 2')],
    ['opaque', () => Response.error()],
  ])('%s', async (_, answer) => {
    world.answer = answer;
    const sent = answer();
    const got = await ask(service, 'models/a.bin');
    expect(got?.status).toBe(sent.status);
    expect(await got?.text()).toBe(await sent.text());
    world.answer = undefined;
    world.fetched.length = 0;
    expect(await textOf(service, 'models/a.bin')).toBe('model 1');
    expect(world.fetched).toEqual(['models/a.bin']); // nothing was kept
  });
});

describe('what is none of its business', () => {
  it.each([
    ['another origin', 'https://other.example/app/main-1.js', {}],
    ['another folder of the origin', '/main-1.js', {}],
    ['what a form sends', 'main-1.js', {method: 'POST'}],
    ['a network that the site has imported', 'models/x/model.onnx', {}],
  ])('it leaves alone: %s', async (_, url, init) => {
    expect(await ask(service, url, init)).toBeUndefined();
  });

  it('another page of the folder comes from the server', async () => {
    world.answer = () => new Response('another page');
    expect(await textOf(service, 'about.html')).toBe('another page');
  });
});

describe('a new release', () => {
  let next: OfflineService;

  beforeEach(async () => {
    await ask(service, 'models/a.bin');
    await ask(service, 'runtime-1.wasm');
    world.running.push(`${BASE}main-1.js`);
    world.served = second;
    world.fetched.length = 0;
    next = world.service(release2);
    await next.install();
  });

  it('fetches what was used before in its own version, what came to it, and nothing again', () => {
    const expected = ['index.html', 'main-2.js', 'models/a.bin', 'models/b.bin', 'worker-2.js'];
    expect(world.fetched.sort()).toEqual(expected);
  });

  it('changes nothing for the pages of the one before while it waits', async () => {
    world.served = undefined;
    expect(await textOf(service, '')).toBe('page 1');
    expect(await textOf(service, 'models/a.bin')).toBe('model 1');
  });

  it('gives each worker the files of its own release when it has taken over', async () => {
    await next.tidy();
    world.served = undefined;
    world.clients.set('old', `${BASE}worker-1.js`);
    world.clients.set('new', `${BASE}worker-2.js`);
    expect(await textOf(next, 'main-1.js', {clientId: 'old page'})).toBe('main 1');
    expect(await textOf(next, 'models/a.bin', {clientId: 'old'})).toBe('model 1');
    expect(await textOf(next, 'models/a.bin', {clientId: 'new'})).toBe('model 2');
    expect(await textOf(next, '')).toBe('page 2');
  });

  it('keeps the files of the one before for as long as a page of it is open', async () => {
    await next.tidy();
    world.running[0] = `${BASE}main-2.js`;
    expect(await textOf(next, 'main-1.js')).toBe('main 1');
    await next.receive({kind: 'earshot-keep', parts: []});
    expect(await textOf(next, 'main-1.js')).toBe('Not found');
    world.served = undefined;
    expect(await textOf(next, 'runtime-1.wasm')).toBe('runtime'); // the new one has it too
  });

  it('takes over when the page asks for it, and not before', async () => {
    expect(world.fetched).not.toContain('skipWaiting');
    await next.receive({kind: 'earshot-take-over'});
    expect(world.fetched).toContain('skipWaiting');
  });

  it('knows that it is not the first', async () => {
    expect(await next.isFirst()).toBe(false);
    expect(await new World().service(release1).isFirst()).toBe(true);
  });
});

describe('an installation', () => {
  it('fails where a file is that of another release, so that the one before stays in use', async () => {
    world.served = {...second, 'main-2.js': ['main 3']};
    await expect(world.service(release2).install()).rejects.toThrow(
      /got main-2\.js with SHA-256 .*, expected/,
    );
    world.served = undefined;
    expect(await textOf(service, '')).toBe('page 1');
  });

  it('asks the site again where the browser had an older file', async () => {
    let count = 0;
    world.served = second;
    world.answer = (path) => (path === 'index.html' && count++ === 0 ? new Response('page 1') : undefined);
    await world.service(release2).install();
    expect(count).toBe(2);
  });

  it('has the parts that the site names from the start', async () => {
    await world.service(release1, {parts: ['speech']}).install();
    world.served = undefined;
    expect(await textOf(service, 'models/a.bin')).toBe('model 1');
  });

  it('is mended when a page starts and something is gone from the storage', async () => {
    const cache = await world.caches.open(`earshot-offline ${BASE}`);
    for (const {url} of await cache.keys()) await cache.delete(url);
    await service.receive({kind: 'earshot-keep', parts: []});
    world.served = undefined;
    expect(await textOf(service, 'main-1.js')).toBe('main 1');
  });
});

it('answers from the server where storage is broken', async () => {
  const open = (): Promise<Cache> => Promise.reject(new Error('denied'));
  world.caches.open = open;
  expect(await textOf(world.service(release1), 'main-1.js')).toBe('main 1');
});

describe('isolation', () => {
  const isolated = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'credentialless',
    'cross-origin-resource-policy': 'same-origin',
  };

  it('is added to every response of the origin, kept or not, where it is asked for', async () => {
    const isolating = world.service(release1, {isolation: 'credentialless'});
    for (const path of ['', 'main-1.js', 'models/x/model.onnx', '/elsewhere']) {
      const response = await ask(isolating, path);
      expect(Object.fromEntries(response!.headers), path).toMatchObject(isolated);
    }
    expect(await ask(isolating, 'https://other.example/picture.png')).toBeUndefined();
    expect((await ask(service, ''))?.headers.has('cross-origin-opener-policy')).toBe(false);
  });

  it('is one of two, or none', () => {
    expect(['require-corp', 'credentialless', '', undefined].map(parseIsolation)).toEqual([
      'require-corp',
      'credentialless',
      undefined,
      undefined,
    ]);
    expect(() => parseIsolation('yes')).toThrow(
      'got isolation "yes", expected require-corp or credentialless',
    );
  });

  it('leaves what scripts may not read as it is', async () => {
    world.answer = () => Response.error();
    const response = await ask(world.service(release1, {isolation: 'require-corp'}), '/redirected');
    expect(response?.status).toBe(0);
  });
});

it('names a message that it does not know', async () => {
  await expect(service.receive({kind: 'earshot-fly'} as never)).rejects.toThrow(
    'got message kind "earshot-fly"',
  );
});
