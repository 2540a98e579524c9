import {mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {repositoryPath} from './repository.ts';
import {startStaticServer, type StaticServer} from './static-server.ts';
import {silence, writeWav} from './wav.ts';

const pageWith = (attributes: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A page that spots keywords</title>
    <script type="module" src="./earshot/define.js"></script>
  </head>
  <body><kws-listener autostart ${attributes}></kws-listener></body>
</html>
`;

/** A site whose page holds nothing but a listening `<kws-listener>` of the built package (dist/package). */
export interface ListeningSite {
  readonly folder: string;
  /** Five seconds of silence. */
  readonly microphoneWav: string;
  readonly server: StaticServer;
  close(): Promise<void>;
}

/**
 * Serves such a site; the package lies below `earshot/`.
 * @param attributes further ones of the element.
 */
export async function startListeningSite(attributes = ''): Promise<ListeningSite> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-page-'));
  const microphoneWav = join(folder, 'silence.wav');
  writeWav(microphoneWav, silence(5000, 16_000), 16_000);
  await writeFile(join(folder, 'index.html'), pageWith(attributes));
  await symlink(repositoryPath('dist/package'), join(folder, 'earshot'));
  const server = await startStaticServer(folder);
  const close = async (): Promise<void> => {
    await server.close();
    await rm(folder, {recursive: true});
  };
  return {folder, microphoneWav, server, close};
}
