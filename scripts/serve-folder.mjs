import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {createServer} from 'node:http';
import {extname, join, resolve, sep} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {securityHeaders} from './content-security-policy.mjs';

/** @type {Readonly<Record<string, string>>} */
const mimeTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm', // anything else forbids streaming compilation
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
};

/**
 * @typedef {object} ServeOptions
 * @property {number} [port] First port to try; 0 (the default) takes any free one.
 * @property {number} [portAttempts] How many ports to try, counting up from `port`, while they are busy.
 * @property {string} [host] Address to listen on; by default only this machine can connect.
 * @property {string} [basePath] Path below which the folder appears, with slashes at both ends.
 * @property {Readonly<Record<string, string>>} [headers] Replaces the headers sent with every response.
 * @property {(path: string) => void} [onRequest] Told the path and query of every request.
 */

/**
 * @typedef {object} FolderServer
 * @property {number} port
 * @property {string} url Where the folder's index.html is, with `basePath` and a slash at the end.
 * @property {() => Promise<void>} close Ends open connections and stops; may be called again.
 */

/**
 * Serves the files of a folder over HTTP under the strict policy, with the MIME types that modules and
 * WebAssembly need.
 * @param {string} folder
 * @param {ServeOptions} [options]
 * @returns {Promise<FolderServer>}
 * @throws the error of `listen`, for example EADDRINUSE after the last attempt.
 */
export async function serveFolder(folder, options = {}) {
  const {port = 0, portAttempts = 1, host = '127.0.0.1', basePath = '/', headers = securityHeaders} = options;
  const root = resolve(folder);
  const server = createServer((request, response) => {
    options.onRequest?.(request.url ?? '');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-cache');
    respond(root, basePath, request, response).catch((/** @type {unknown} */ error) => {
      if (response.destroyed) return; // the visitor left; there is nobody to tell
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const boundPort = await listenOnFreePort(server, host, port, portAttempts);
  return {
    port: boundPort,
    url: `http://localhost:${boundPort}${basePath}`,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {string} root
 * @param {string} basePath
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function respond(root, basePath, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, {Allow: 'GET, HEAD'}).end();
    return;
  }
  const file = await findFile(root, basePath, request.url ?? '/');
  if (!file) {
    response.writeHead(404, {'Content-Type': 'text/plain; charset=utf-8'}).end('Not found\n');
    return;
  }
  response.writeHead(200, {
    'Content-Type': mimeTypes[extname(file.path)] ?? 'application/octet-stream',
    'Content-Length': file.bytes,
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response);
}

/**
 * @param {string} root
 * @param {string} basePath
 * @param {string} url
 * @returns {Promise<{path: string, bytes: number} | undefined>}
 */
async function findFile(root, basePath, url) {
  const pathname = decodePath(url);
  if (!pathname?.startsWith(basePath)) return undefined;
  const path = join(root, pathname.slice(basePath.length));
  if (path !== root && !path.startsWith(root + sep)) return undefined; // ".." must not leave the folder
  for (const candidate of [path, join(path, 'index.html')]) {
    const facts = await stat(candidate).catch(() => undefined);
    if (facts?.isFile()) return {path: candidate, bytes: facts.size};
  }
  return undefined;
}

/**
 * @param {string} url
 * @returns {string | undefined} undefined where the escapes are malformed.
 */
function decodePath(url) {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
}

/**
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number} port
 * @param {number} attempts
 * @returns {Promise<number>}
 */
async function listenOnFreePort(server, host, port, attempts) {
  try {
    return await listen(server, host, port);
  } catch (error) {
    const isBusy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!isBusy || attempts <= 1) throw error;
    return listenOnFreePort(server, host, port + 1, attempts - 1);
  }
}

/**
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number} port
 * @returns {Promise<number>}
 */
function listen(server, host, port) {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      const address = server.address();
      if (address === null || typeof address === 'string') fail(new Error(`no port: got ${String(address)}`));
      else done(address.port);
    });
  });
}
