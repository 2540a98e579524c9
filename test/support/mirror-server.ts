import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';

/** A site of another origin that has models and lets every page read them. */
export interface MirrorServer {
  readonly url: string; // of its folder of models, ends in a slash
  readonly origin: string;
  /** Paths of all requests so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves files of this machine as a mirror of models.
 * @param files paths below the folder of models → files.
 */
export async function startMirror(files: Readonly<Record<string, string>>): Promise<MirrorServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/models/', '');
    requests.push(path);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Content-Type', 'application/octet-stream');
    const file = files[path];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    void stat(file).then(({size}) => {
      response.writeHead(200, {'Content-Length': size});
      createReadStream(file).pipe(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/models/`,
    origin,
    requests,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
