import {assertNever} from '../protocol/assert-never.ts';
import type {ToOfflineWorker} from '../protocol/offline-messages.ts';
import {withIsolation, type Isolation} from './isolation.ts';
import {newestOrKept} from './newest-or-kept.ts';
import {OfflineStore, type InstalledRelease, type NamedFile} from './offline-store.ts';
import {fileOf, type Release} from './release.ts';

/** What the service has of its thread; a test gives stand-ins. */
export interface OfflineEnvironment {
  readonly caches: Pick<CacheStorage, 'open'>;
  readonly fetch: (request: Request | string) => Promise<Response>;
  /** URL of the page or worker that has this id; undefined where it is gone. */
  readonly urlOfClient: (clientId: string) => Promise<string | undefined>;
  /** URLs of the scripts of all pages of this origin that run and say so. */
  readonly runningScripts: () => Promise<readonly string[]>;
  readonly skipWaiting: () => Promise<void>;
  readonly now: () => number; // milliseconds since 1970
}

/** What is kept, where, and how it is sent. */
export interface OfflineOptions {
  readonly release: Release;
  /** URL of the folder of the build, with a slash at the end. */
  readonly base: string;
  /** Parts that are kept from the start, as the app is. */
  readonly parts?: readonly string[] | undefined;
  /** Adds the headers of cross-origin isolation to every response of this origin; absent: to none. */
  readonly isolation?: Isolation | undefined;
}

/** Who asks. */
export interface RequestContext {
  readonly clientId: string; // empty for a page that is about to open
  /** Keeps the service worker alive until the promise settles. */
  readonly waitUntil: (done: Promise<unknown>) => void;
}

/**
 * Makes one release of a build work without a connection: the files of the app are kept from the start, the others once
 * they are used. Each page gets the files of the release that it began with. Service worker.
 */
export class OfflineService {
  readonly #environment: OfflineEnvironment;
  readonly #options: OfflineOptions;
  readonly #base: URL;
  readonly #store: OfflineStore;
  #others: Promise<readonly InstalledRelease[]> | undefined; // read when first needed

  constructor(environment: OfflineEnvironment, options: OfflineOptions) {
    this.#environment = environment;
    this.#options = options;
    this.#base = new URL(options.base);
    this.#store = new OfflineStore(environment.caches, options.base);
  }

  /**
   * Fetches what this release needs for the app and for every part that was used before it.
   * @throws Error where a file cannot be had or is that of another release; the release before stays in use.
   */
  async install(): Promise<void> {
    for (const part of this.#options.parts ?? []) await this.#store.addPart(part);
    await this.#complete();
  }

  /** Whether no other release was here before. */
  async isFirst(): Promise<boolean> {
    return (await this.#otherReleases()).length === 0;
  }

  /** Removes what belongs to older releases that no open page began with. */
  async tidy(): Promise<void> {
    const {release} = this.#options;
    const releases = await this.#store.releases();
    const own = releases.find(({version}) => version === release.version);
    const scripts = (await this.#environment.runningScripts()).map((url) => this.#pathOf(url));
    const needed = releases.filter(
      (candidate) =>
        candidate.installedAt > (own?.installedAt ?? 0) || scripts.some((path) => fileOf(candidate, path)),
    );
    await this.#store.removeAllBut([release, ...needed]);
    this.#others = undefined;
  }

  /** Does what a page asks for; what cannot be fetched now is fetched when it is asked for again. */
  async receive(message: ToOfflineWorker): Promise<void> {
    switch (message.kind) {
      case 'earshot-keep':
        for (const part of message.parts) await this.#store.addPart(part);
        await this.#complete().catch(() => undefined);
        return this.tidy();
      case 'earshot-take-over':
        return this.#environment.skipWaiting();
      default:
        assertNever(message);
    }
  }

  /** The answer to a request; undefined where it is none of this service's business. */
  respond(request: Request, context: RequestContext): Promise<Response> | undefined {
    const {isolation} = this.#options;
    const answer = this.#answer(request, context);
    if (isolation === undefined) return answer;
    if (new URL(request.url).origin !== this.#base.origin) return undefined;
    return (answer ?? this.#environment.fetch(request)).then((response) =>
      withIsolation(response, isolation),
    );
  }

  #answer(request: Request, context: RequestContext): Promise<Response> | undefined {
    const path = request.method === 'GET' ? this.#pathOf(request.url) : undefined;
    if (path === undefined) return undefined;
    // the code of any release lies beside this worker; of what lies below only this release's own is ours
    if (fileOf(this.#options.release, path) || !path.includes('/'))
      return this.#serve(request, path, context);
    return path.endsWith('.json') ? this.#serveNewest(request, context) : undefined;
  }

  async #serve(request: Request, path: string, {clientId, waitUntil}: RequestContext): Promise<Response> {
    const file = await this.#findFile(path, clientId);
    if (!file) return await this.#environment.fetch(request);
    const kept = await this.#store.find(file).catch(() => undefined); // broken storage stands in nobody's way
    if (kept) return kept;
    const response = await this.#environment.fetch(request);
    // the rest of a file, or an error in its place, is passed on and not kept
    if (response.status === 200) waitUntil(this.#keepUsed(file, response.clone()));
    return response;
  }

  async #serveNewest(request: Request, {waitUntil}: RequestContext): Promise<Response> {
    const cache = await this.#environment.caches.open(`earshot-site ${this.#base.href}`);
    return await newestOrKept(request, {fetch: this.#environment.fetch, cache, waitUntil});
  }

  /** Never rejects: the page has its answer, and without storage it works as long as there is a connection. */
  async #keepUsed(named: NamedFile, response: Response): Promise<void> {
    const [, {part}] = named;
    try {
      if (part !== undefined) await this.#store.addPart(part);
      await this.#store.keep(named, response);
    } catch {
      // asked for again, it is fetched again
    }
  }

  /** The file that a page or worker means by a path: that of the release which it is of, else of the newest that has it. */
  async #findFile(path: string, clientId: string): Promise<NamedFile | undefined> {
    const releases: readonly Release[] = [this.#options.release, ...(await this.#otherReleases())];
    const script =
      releases.length > 1 ? this.#pathOf(await this.#environment.urlOfClient(clientId)) : undefined;
    const ofClient = releases.find((release) => fileOf(release, script));
    const release = [ofClient, ...releases].find((candidate) => candidate && fileOf(candidate, path));
    const file = release && fileOf(release, path);
    return file && [path, file];
  }

  async #complete(): Promise<void> {
    const {release} = this.#options;
    await this.#store.addRelease(release, this.#environment.now());
    const missing = await this.#store.missingFiles(release);
    await Promise.all(missing.map((file) => this.#fetchAndKeep(file)));
  }

  /** What the browser has of a file may be that of another release: then the site is asked. */
  async #fetchAndKeep(file: NamedFile): Promise<void> {
    const url = new URL(file[0], this.#base).href;
    try {
      await this.#store.keep(file, await this.#environment.fetch(url));
    } catch {
      await this.#store.keep(file, await this.#environment.fetch(new Request(url, {cache: 'reload'})));
    }
  }

  #otherReleases(): Promise<readonly InstalledRelease[]> {
    this.#others ??= this.#store
      .releases()
      .catch(() => [])
      .then((releases) => releases.filter(({version}) => version !== this.#options.release.version));
    return this.#others;
  }

  /** Path below the folder of the build, of its page as `index.html`; undefined for a URL outside of it. */
  #pathOf(url: string | undefined): string | undefined {
    if (url === undefined) return undefined;
    const {origin, pathname} = new URL(url);
    if (origin !== this.#base.origin || !pathname.startsWith(this.#base.pathname)) return undefined;
    return pathname.slice(this.#base.pathname.length) || 'index.html';
  }
}
