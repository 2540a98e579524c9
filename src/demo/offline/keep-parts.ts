import type {ToOfflineWorker} from '../../protocol/offline-messages.ts';

/**
 * Tells the service worker what is used, or is to be, so that it is kept: what was fetched before there was one, too.
 * Where no service worker can be, nothing is told; where none is registered, it never settles.
 * @param parts of the build: systems and engines by their names.
 */
export async function keepParts(parts: readonly string[]): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const {active} = await navigator.serviceWorker.ready;
  active?.postMessage({kind: 'earshot-keep', parts} satisfies ToOfflineWorker);
}
