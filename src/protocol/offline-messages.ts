/** What a page asks of the service worker that keeps its files; nothing is answered. */
export type ToOfflineWorker =
  /** The page has started, or uses these parts of the build: they are to work without a connection from now on. */
  | {readonly kind: 'earshot-keep'; readonly parts: readonly string[]}
  /** The visitor wants the new version now: the waiting worker takes the place of the one before. */
  | {readonly kind: 'earshot-take-over'};

/** Whether a message is for Earshot's part of a service worker, which may be a site's own as well. Any thread. */
export function isForOfflineWorker(message: unknown): message is ToOfflineWorker {
  const {kind} = (message ?? {}) as {readonly kind?: unknown};
  return typeof kind === 'string' && kind.startsWith('earshot-');
}

/** What the name of the Web Lock begins with that a page holds for as long as it runs; the URL of its script follows. */
export const RUNNING_PAGE_LOCK = 'earshot-page ';
