import {sha256Hex} from '../models/verify-weights.ts';
import type {Release, ReleaseFile} from './release.ts';

/** A release that has been installed. */
export interface InstalledRelease extends Release {
  readonly installedAt: number; // milliseconds since 1970
}

/** One of the files of a release. */
export type NamedFile = readonly [path: string, file: ReleaseFile];

/** Headers of a response that say nothing about the file any more once it is kept: how it was sent, to whom. */
const HEADERS_OF_TRANSFER = ['content-encoding', 'transfer-encoding', 'content-range', 'vary'];

/**
 * The files that are kept, by path and digest: what two releases have in common is there once, and what differs never
 * takes the other's place. Beside them the releases that are installed and the parts that were used. All of it is in one
 * cache of the origin; what an entry is says its query. Service worker.
 */
export class OfflineStore {
  readonly #caches: Pick<CacheStorage, 'open'>;
  readonly #base: string;

  /** @param base URL of the build's folder, with a slash at the end. */
  constructor(caches: Pick<CacheStorage, 'open'>, base: string) {
    this.#caches = caches;
    this.#base = base;
  }

  /** A file as it was kept; undefined where it is not there. */
  async find([path, {sha256}]: NamedFile): Promise<Response | undefined> {
    return (await this.#open()).match(this.#urlOfFile(path, sha256));
  }

  /**
   * Keeps the file that a response holds.
   * @throws Error where it is not that file whole: another status than 200, another digest.
   */
  async keep([path, {sha256}]: NamedFile, response: Response): Promise<void> {
    if (response.status !== 200) throw new Error(`got status ${response.status} for ${path}, expected 200`);
    const bytes = await response.arrayBuffer();
    const got = await sha256Hex(new Uint8Array(bytes));
    if (got !== sha256) throw new Error(`got ${path} with SHA-256 ${got}, expected ${sha256}`);
    const headers = new Headers(response.headers);
    for (const name of HEADERS_OF_TRANSFER) headers.delete(name);
    headers.set('content-length', String(bytes.byteLength));
    await (await this.#open()).put(this.#urlOfFile(path, sha256), new Response(bytes, {headers}));
  }

  /** The files that a release needs for the app and for the parts that were used, and that are not there. */
  async missingFiles({files}: Release): Promise<readonly NamedFile[]> {
    const urls = await this.#urls();
    const parts = namesIn(urls, 'part');
    const kept = new Set(urls);
    return Object.entries(files).filter(
      ([path, {sha256, part}]) =>
        (part === undefined || parts.includes(part)) && !kept.has(this.#urlOfFile(path, sha256)),
    );
  }

  /** Notes that a part is used, in this release and those that follow. */
  async addPart(part: string): Promise<void> {
    await (await this.#open()).put(this.#urlOf('part', part), new Response());
  }

  /** Notes that a release is there, once. */
  async addRelease(release: Release, installedAt: number): Promise<void> {
    const cache = await this.#open();
    const url = this.#urlOf('release', release.version);
    if (await cache.match(url)) return;
    await cache.put(url, Response.json({...release, installedAt} satisfies InstalledRelease));
  }

  /** All that were installed and not removed, the newest first. */
  async releases(): Promise<readonly InstalledRelease[]> {
    const cache = await this.#open();
    const versions = namesIn(await this.#urls(), 'release');
    const responses = await Promise.all(
      versions.map((version) => cache.match(this.#urlOf('release', version))),
    );
    const releases = await Promise.all(
      responses.map(async (response) => (await response?.json()) as InstalledRelease | undefined),
    );
    return releases
      .filter((release) => release !== undefined)
      .sort((one, other) => other.installedAt - one.installedAt);
  }

  /** Removes all releases but these, and every file that none of these has. */
  async removeAllBut(releases: readonly Release[]): Promise<void> {
    const wanted = new Set(
      releases.flatMap(({version, files}) => [
        this.#urlOf('release', version),
        ...Object.entries(files).map(([path, {sha256}]) => this.#urlOfFile(path, sha256)),
      ]),
    );
    const cache = await this.#open();
    const unwanted = (await this.#urls()).filter(
      (url) => !wanted.has(url) && !new URL(url).searchParams.has('part'),
    );
    await Promise.all(unwanted.map((url) => cache.delete(url)));
  }

  /** URLs of all entries. */
  async #urls(): Promise<readonly string[]> {
    return (await (await this.#open()).keys()).map(({url}) => url);
  }

  #urlOfFile(path: string, sha256: string): string {
    return new URL(`${path}?sha256=${sha256}`, this.#base).href;
  }

  #urlOf(kind: 'part' | 'release', name: string): string {
    return new URL(`?${kind}=${encodeURIComponent(name)}`, this.#base).href;
  }

  #open(): Promise<Cache> {
    return this.#caches.open(`earshot-offline ${this.#base}`);
  }
}

function namesIn(urls: readonly string[], kind: 'part' | 'release'): readonly string[] {
  return urls.map((url) => new URL(url).searchParams.get(kind)).filter((name) => name !== null);
}
