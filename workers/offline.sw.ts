import {parseIsolation, type Isolation} from '../src/offline/isolation.ts';
import {OfflineService} from '../src/offline/offline-service.ts';
import type {Release} from '../src/offline/release.ts';
import {isForOfflineWorker, RUNNING_PAGE_LOCK} from '../src/protocol/offline-messages.ts';

/** What a site's own service worker may say before it imports this file. */
interface SiteOptions {
  /** Folder that holds this file and the rest of the build; absent: that of the service worker. */
  readonly base?: string;
  readonly parts?: readonly string[];
  readonly isolation?: string;
}

/** The build that this file is of, put in by the bundler (scripts/offline-worker.ts). */
declare const EARSHOT_RELEASE: Release;
declare const EARSHOT_ISOLATION: Isolation | undefined;
declare const self: ServiceWorkerGlobalScope & {readonly earshotOffline?: SiteOptions};

const {base = './', parts, isolation = EARSHOT_ISOLATION} = self.earshotOffline ?? {};
const service = new OfflineService(
  {
    caches: self.caches,
    fetch: (request) => fetch(request),
    urlOfClient: async (id) => (await self.clients.get(id))?.url,
    runningScripts: async () =>
      ((await navigator.locks.query()).held ?? [])
        .map(({name = ''}) => name)
        .filter((name) => name.startsWith(RUNNING_PAGE_LOCK))
        .map((name) => name.slice(RUNNING_PAGE_LOCK.length)),
    skipWaiting: () => self.skipWaiting(),
    now: () => Date.now(),
  },
  {
    release: EARSHOT_RELEASE,
    base: new URL(base, self.location.href).href,
    parts,
    isolation: parseIsolation(isolation),
  },
);

self.addEventListener('install', (event) => {
  event.waitUntil(service.install());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});

self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (isForOfflineWorker(message)) event.waitUntil(service.receive(message));
});

self.addEventListener('fetch', (event) => {
  const {request, clientId} = event;
  const response = service.respond(request, {
    clientId,
    waitUntil: (done) => {
      event.waitUntil(done);
    },
  });
  if (response) event.respondWith(response);
});

async function activate(): Promise<void> {
  const isFirst = await service.isFirst();
  await service.tidy();
  if (isFirst) await self.clients.claim(); // what this first visit uses is kept, without a reload
}
