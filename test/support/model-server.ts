import {readFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';

/** How a server of one file behaves, well or badly. Plain data, so that it can be told to another process. */
export interface ServerBehaviour {
  /** Default true. */
  readonly hasRanges?: boolean;
  /** Headers beside those that follow from the rest, such as an ETag. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Compresses where the request lets it. */
  readonly compresses?: boolean;
  /** Status in place of the file. */
  readonly status?: number;
  /** What is sent with it. */
  readonly page?: string;
  /** Ends each connection after so many bytes of the file. */
  readonly cutAfterBytes?: number;
  /** Sends nothing more after so many bytes of the file, and keeps the connection. */
  readonly stallAfterBytes?: number;
  readonly bytesPerSecond?: number;
  /** Content-Length in place of the true one. */
  readonly claimedBytes?: number;
  /** Default true. */
  readonly hasLength?: boolean;
  /** Gives the range that is asked for, of whatever version. */
  readonly ignoresIfRange?: boolean;
  /** How many requests are answered so; those that come later as `then` says. */
  readonly requestCount?: number;
  /** Serves the pages and scripts of this folder too, so that they are of one origin with the file. */
  readonly siteFolder?: string | undefined;
  /** Default: well, with the same headers. */
  readonly then?: ServerBehaviour;
}

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** A server of one file, at every path. */
export interface ModelServer {
  readonly port: number;
  readonly url: string; // ends in a slash
  /** Those for the file. */
  readonly requests: readonly SeenRequest[];
  /** Bytes of the file that were sent so far. */
  readonly sentBytes: () => number;
  /** Serves this from now on. */
  serve(file: Uint8Array): void;
  behave(behaviour: ServerBehaviour): void;
  close(): Promise<void>;
}

/** An ETag and dates as a good server gives them. */
export const STRONG_HEADERS: Readonly<Record<string, string>> = {
  ETag: '"version-1"',
  'Last-Modified': 'Wed, 01 Jan 2025 00:00:00 GMT',
};

const PIECE_BYTES = 16 * 1024;

/** Starts a server on this machine. */
export async function startModelServer(
  file: Uint8Array,
  behaviour: ServerBehaviour = {headers: STRONG_HEADERS},
  port = 0,
): Promise<ModelServer> {
  const served = new ServedFile(file, behaviour);
  const server = createServer((request, response) => void served.answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const {port: boundPort} = server.address() as AddressInfo;
  return {
    port: boundPort,
    url: `http://localhost:${boundPort}/`,
    requests: served.requests,
    sentBytes: () => served.sentBytes,
    serve: (next) => (served.file = next),
    behave: (next) => (served.behaviour = next),
    close: () => closeServer(server),
  };
}

class ServedFile {
  file: Uint8Array;
  behaviour: ServerBehaviour;
  sentBytes = 0;
  readonly requests: SeenRequest[] = [];

  constructor(file: Uint8Array, behaviour: ServerBehaviour) {
    this.file = file;
    this.behaviour = behaviour;
  }

  async answer(
    {method = 'GET', url = '/', headers}: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const {siteFolder} = this.behaviour;
    if (siteFolder !== undefined && /\/$|\.(html|js|ico)$/.test(url)) {
      await sendSiteFile(response, join(siteFolder, url.replace(/\/$/, '/index.html')));
      return;
    }
    this.requests.push({method, path: url, headers});
    const {behaviour} = this;
    this.#countDown();
    for (const [name, value] of Object.entries(behaviour.headers ?? {})) response.setHeader(name, value);
    response.setHeader('Content-Type', behaviour.headers?.['Content-Type'] ?? 'application/octet-stream');
    if (behaviour.status !== undefined) {
      response.writeHead(behaviour.status).end(behaviour.page);
      return;
    }
    const compresses = behaviour.compresses === true && /gzip/.test(String(headers['accept-encoding']));
    if (compresses) await this.#send(response, gzipSync(this.file), behaviour, {'Content-Encoding': 'gzip'});
    else await this.#sendPlain(headers, response, behaviour);
  }

  #countDown(): void {
    const {requestCount, headers = {}, siteFolder, then = {headers, siteFolder}} = this.behaviour;
    if (requestCount === undefined) return;
    this.behaviour = requestCount > 1 ? {...this.behaviour, requestCount: requestCount - 1} : then;
  }

  async #sendPlain(
    headers: IncomingMessage['headers'],
    response: ServerResponse,
    behaviour: ServerBehaviour,
  ): Promise<void> {
    const {hasRanges = true, ignoresIfRange = false} = behaviour;
    const size = this.file.length;
    const offset = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? NaN);
    const ifRange = headers['if-range'];
    const isSame =
      ignoresIfRange ||
      ifRange === undefined ||
      [response.getHeader('etag'), response.getHeader('last-modified')].includes(ifRange);
    if (!hasRanges || !isSame || Number.isNaN(offset)) {
      await this.#send(response, this.file, behaviour);
    } else if (offset >= size) {
      response.writeHead(416, {'Content-Range': `bytes */${size}`}).end();
    } else {
      response.statusCode = 206;
      const contentRange = {'Content-Range': `bytes ${offset}-${size - 1}/${size}`};
      await this.#send(response, this.file.subarray(offset), behaviour, contentRange);
    }
  }

  async #send(
    response: ServerResponse,
    body: Uint8Array,
    behaviour: ServerBehaviour,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const {cutAfterBytes = Infinity, stallAfterBytes = Infinity, bytesPerSecond, claimedBytes} = behaviour;
    const length = behaviour.hasLength === false ? {} : {'Content-Length': claimedBytes ?? body.length};
    response.writeHead(response.statusCode, {...headers, ...length});
    for (let start = 0; start < body.length && !response.destroyed; start += PIECE_BYTES) {
      const end = Math.min(start + PIECE_BYTES, cutAfterBytes, stallAfterBytes, body.length);
      await new Promise((resolve) => response.write(body.subarray(start, end), resolve));
      this.sentBytes += end - start;
      if (end === stallAfterBytes) return;
      if (end === cutAfterBytes) break;
      if (bytesPerSecond !== undefined) await wait((1000 * (end - start)) / bytesPerSecond);
    }
    if (body.length > cutAfterBytes || (claimedBytes ?? 0) > body.length) response.destroy();
    else response.end();
  }
}

async function sendSiteFile(response: ServerResponse, path: string): Promise<void> {
  const text = await readFile(path).catch(() => undefined);
  const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
  response.writeHead(text ? 200 : 404, {'Content-Type': type}).end(text);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
