import {serveFolder} from '../../scripts/serve-folder.mjs';
import {repositoryPath} from './repository.ts';

/** What a test may ask of its server. */
export interface StaticServerOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Path below which the folder appears, with slashes at both ends, for example `/some/where/`. Default `/`. */
  readonly basePath?: string;
  /** Headers sent with every response instead of the strict policy. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running server of one folder. */
export interface StaticServer {
  readonly url: string; // ends in a slash
  /** Path and query of every request so far, oldest first. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Serves a folder (relative to the repository) on a free port, under the strict policy, and counts requests. */
export async function startStaticServer(
  folder: string,
  options: StaticServerOptions = {},
): Promise<StaticServer> {
  const requests: string[] = [];
  const server = await serveFolder(repositoryPath(folder), {
    ...options,
    onRequest: (path) => requests.push(path),
  });
  return {url: server.url, requests, close: server.close};
}
