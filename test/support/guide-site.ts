import {mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import ts from 'typescript';
import {readSamples, type Sample} from './guides.ts';
import {repositoryPath} from './repository.ts';
import {startStaticServer, type StaticServer} from './static-server.ts';

/** Where models are in the guides, if not on the page's own site. */
const EXAMPLE_HOST = 'https://models.example';

/** A site that is made of the guides' samples, with the built package as `/earshot`. */
export interface GuideSite {
  readonly folder: string;
  readonly server: StaticServer;
  close(): Promise<void>;
}

/**
 * Serves every sample under its name. One in TypeScript is served as the script that it compiles to, with a page that
 * runs nothing else: `spot.ts` as `spot.js` and `spot.html`.
 * @param headers sent with everything.
 * @param modelHost takes the place of `https://models.example`, in samples and headers.
 */
export async function startGuideSite(
  headers: Readonly<Record<string, string>>,
  modelHost: string = EXAMPLE_HOST,
): Promise<GuideSite> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-guides-'));
  await symlink(repositoryPath('dist/package'), join(folder, 'earshot'));
  await writeFile(join(folder, 'favicon.ico'), ''); // browsers ask for it
  for (const {file, text} of readSamples().flatMap(filesOf)) {
    await writeFile(join(folder, file), text.replaceAll(EXAMPLE_HOST, modelHost));
  }
  const server = await startStaticServer(folder, {headers});
  return {
    folder,
    server,
    close: async () => {
      await server.close();
      await rm(folder, {recursive: true});
    },
  };
}

/** A file of the site. */
interface SiteFile {
  readonly file: string;
  readonly text: string;
}

function filesOf({language, file, code}: Sample): readonly SiteFile[] {
  if (file === '') return [];
  if (language !== 'ts') return [{file, text: code}];
  const script = file.replace(/ts$/, 'js');
  return [
    {file: script, text: scriptOf(code)},
    {
      file: file.replace(/ts$/, 'html'),
      text: `<!doctype html><script type="module" src="${script}"></script>`,
    },
  ];
}

/** What a bundler, or an import map, makes of it: the package's entry is a file of the site. */
function scriptOf(code: string): string {
  const {target, module} = {target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext};
  const {outputText} = ts.transpileModule(code, {compilerOptions: {target, module}});
  return outputText.replaceAll("from 'earshot'", "from '/earshot/index.js'");
}
