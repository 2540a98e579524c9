import {RUNNING_PAGE_LOCK, type ToOfflineWorker} from '../../protocol/offline-messages.ts';
import {keepParts} from './keep-parts.ts';
import {UpdateOffer} from './update-offer.ts';
import {watchSessions} from './watch-sessions.ts';

/** How often a page that stays open looks for a new version, when the visitor comes back to it. */
const CHECK_INTERVAL_MS = 3_600_000;

/**
 * Makes the page work without a connection, and offers the versions that come after. Without service workers (a page
 * over plain HTTP, a browser that denies storage) it works as long as there is a connection.
 */
export async function connectOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  sayRunning();
  const registration = await register();
  if (!registration) return;
  const offer = new UpdateOffer(() => {
    takeNewVersion(registration);
  });
  const sessions = watchSessions({
    onParts: (parts) => void keepParts(parts),
    onQuiet: () => {
      offer.showIfQuiet(true);
    },
  });
  watchForNewVersion(registration, () => {
    offer.make();
    offer.showIfQuiet(!sessions.areBusy());
  });
  lookEveryHour(registration, () => sessions.areBusy());
  await keepParts([]);
}

/** So that what this page may still ask for is kept when a newer version takes over. */
function sayRunning(): void {
  const forever = new Promise<never>(() => undefined);
  void navigator.locks.request(`${RUNNING_PAGE_LOCK}${import.meta.url}`, {mode: 'shared'}, () => forever);
}

async function register(): Promise<ServiceWorkerRegistration | undefined> {
  const url = new URL('offline.sw.js', document.baseURI);
  return await navigator.serviceWorker.register(url, {updateViaCache: 'none'}).catch(() => undefined);
}

function watchForNewVersion(registration: ServiceWorkerRegistration, onNewVersion: () => void): void {
  const {serviceWorker} = navigator;
  let isControlled = serviceWorker.controller !== null;
  const look = (): void => {
    if (isControlled && registration.waiting) onNewVersion(); // else what waits is the first, as new as this page
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
  serviceWorker.addEventListener('controllerchange', () => {
    if (isControlled) onNewVersion(); // taken in another tab
    isControlled = true;
  });
  look();
}

function takeNewVersion({waiting}: ServiceWorkerRegistration): void {
  const reload = (): void => {
    location.reload();
  };
  if (!waiting) {
    reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', reload, {once: true});
  waiting.postMessage({kind: 'earshot-take-over'} satisfies ToOfflineWorker);
}

/** Browsers look whenever a page opens; one that is installed may stay open for weeks. */
function lookEveryHour(registration: ServiceWorkerRegistration, isBusy: () => boolean): void {
  let lookedAt = performance.now();
  document.addEventListener('visibilitychange', () => {
    const isDue = performance.now() - lookedAt > CHECK_INTERVAL_MS;
    if (!isDue || document.hidden || isBusy()) return;
    lookedAt = performance.now();
    registration.update().catch(() => undefined); // no connection: another time
  });
}
