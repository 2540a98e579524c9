import {resolve} from 'node:path';
import {defineConfig, type Rolldown, type UserConfig} from 'vite';
import {securityHeaders} from './scripts/content-security-policy.mjs';
import {modelManifests} from './scripts/model-manifests.ts';
import {offlineWorker} from './scripts/offline-worker.ts';
import {parseIsolation} from './src/offline/isolation.ts';

const root = import.meta.dirname;

/** Entries of the package and the sources they come from; `package.json` exports them under these names. */
const packageEntries = ['index', 'elements', 'define'].map((name) => resolve(root, `src/${name}.ts`));

/**
 * Every file of a build lies in one folder, with the models below it: so each finds the others beside itself, whatever
 * the bundler made of it (src/host/asset-base.ts). The demo's carry a hash, so that a browser may keep them for ever.
 */
const demoFileNames: Rolldown.OutputOptions = {
  entryFileNames: '[name]-[hash].js',
  chunkFileNames: '[name]-[hash].js',
  assetFileNames: '[name]-[hash][extname]',
};

/** The package's entries, threads and wasm keep their names: pages refer to them by URL. */
const packageFileNames: Rolldown.OutputOptions = {
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  assetFileNames: '[name][extname]',
};

/** What the demo and the package have in common. */
const common = {
  root,
  base: './', // everything is found relative to where the file itself lies, so any sub-path will do
  server: {port: 5173},
  preview: {port: 5173, headers: securityHeaders},
} satisfies UserConfig;

const commonBuild = {
  target: 'esnext',
  assetsInlineLimit: 0, // a data: URL is not 'self', so the policy refuses it
  modulePreload: {polyfill: false},
  license: {fileName: 'third-party-licences.md'},
  emptyOutDir: true,
} satisfies UserConfig['build'];

// `vite build` makes the demo, `vite build --mode package` the library, `vite build --mode command` what `earshot` runs
// in Node: the sources in one place, the packages left where npm puts them, `vite build --mode bench` the page that
// `npm run bench` times. The library is not built with
// `build.lib`, because that inlines assets and would turn workers and wasm into data: URLs (docs/decisions/0001).
export default defineConfig(({mode}): UserConfig => {
  if (mode === 'package') {
    return {
      ...common,
      plugins: [modelManifests(), offlineWorker()],
      build: {
        ...commonBuild,
        outDir: 'dist/package',
        modulePreload: false,
        sourcemap: true,
        rolldownOptions: {
          input: packageEntries,
          preserveEntrySignatures: 'strict',
          output: packageFileNames,
        },
      },
      worker: {format: 'es', rolldownOptions: {output: packageFileNames}},
    };
  }
  if (mode === 'command') {
    return {
      ...common,
      build: {
        ...commonBuild,
        ssr: resolve(root, 'src/cli/earshot.ts'),
        outDir: 'dist/cli',
        copyPublicDir: false, // the models lie in dist/package, for pages and for the command
      },
    };
  }
  if (mode === 'bench') {
    return {
      ...common,
      build: {
        ...commonBuild,
        outDir: 'dist/bench',
        copyPublicDir: false, // the command gives the page its models
        rolldownOptions: {
          input: ['bench/page', 'bench/large/page'].map((folder) => resolve(root, folder, 'index.html')),
          output: demoFileNames,
        },
      },
      worker: {format: 'es', rolldownOptions: {output: demoFileNames}},
    };
  }
  return {
    ...common,
    plugins: [modelManifests(), offlineWorker({isolation: parseIsolation(process.env['EARSHOT_ISOLATION'])})],
    build: {...commonBuild, outDir: 'dist/demo', rolldownOptions: {output: demoFileNames}},
    worker: {format: 'es', rolldownOptions: {output: demoFileNames}},
  };
});
