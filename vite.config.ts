import {resolve} from 'node:path';
import {defaultClientConditions, defineConfig, type Rolldown, type UserConfig} from 'vite';
import {securityHeaders} from './scripts/content-security-policy.mjs';
import {modelManifests} from './scripts/model-manifests.ts';
import {offlineWorker} from './scripts/offline-worker.ts';
import {plainAssetUrls} from './scripts/vite/plain-asset-urls.ts';
import {thirdPartyLicences, type LicencePlugins} from './scripts/vite/third-party-licences.ts';
import {parseIsolation} from './src/offline/isolation.ts';

const root = import.meta.dirname;

/** Entries of the package and the sources they come from; `package.json` exports them under these names. */
const packageEntries = ['index', 'elements', 'define', 'elements.server', 'define.server'].map((name) =>
  resolve(root, `src/${name}.ts`),
);

/**
 * Every file of a build lies in one folder, with the models below it: so each finds the others beside itself, whatever
 * the bundler made of it (src/host/asset-base.ts). The demo's carry a hash, so that a browser may keep them for ever.
 */
const demoFileNames: Rolldown.OutputOptions = {
  entryFileNames: '[name]-[hash].js',
  chunkFileNames: '[name]-[hash].js',
  assetFileNames: (asset) => publicPathOf(asset) ?? '[name]-[hash][extname]',
};

/** The package's entries, threads and wasm keep their names: pages refer to them by URL. */
const packageFileNames: Rolldown.OutputOptions = {
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  assetFileNames: (asset) => publicPathOf(asset) ?? '[name][extname]',
};

/** Where Vite copies a file of public/ to: so that naming it in a source makes no second copy. */
function publicPathOf({originalFileNames}: Rolldown.PreRenderedAsset): string | undefined {
  return originalFileNames.find((name) => name.startsWith('public/'))?.slice('public/'.length);
}

/** What the demo and the package have in common. */
const common = {
  root,
  // without it ONNX Runtime's own copy of its loader is bundled beside the file that is loaded
  resolve: {conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions]},
  base: './', // everything is found relative to where the file itself lies, so any sub-path will do
  server: {port: 5173},
  preview: {port: 5173, headers: securityHeaders},
} satisfies UserConfig;

const commonBuild = {
  target: 'esnext',
  assetsInlineLimit: 0, // a data: URL is not 'self', so the policy refuses it
  modulePreload: {polyfill: false},
  emptyOutDir: true,
} satisfies UserConfig['build'];

// `vite build` makes the demo, `vite build --mode package` the library, `vite build --mode command` what `earshot` runs
// in Node, `vite build --mode bench` the page that `npm run bench` times. The library is not built with
// `build.lib`, because that inlines assets and would turn workers and wasm into data: URLs (docs/decisions/0001).
export default defineConfig(({mode}): UserConfig => {
  const licences = thirdPartyLicences();
  if (mode === 'package') return packageBuild(licences);
  if (mode === 'command') return commandBuild(licences);
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
    plugins: [
      modelManifests(),
      offlineWorker({isolation: parseIsolation(process.env['EARSHOT_ISOLATION'])}),
      licences.main,
    ],
    build: {...commonBuild, outDir: 'dist/demo', rolldownOptions: {output: demoFileNames}},
    worker: {
      format: 'es',
      plugins: () => [licences.worker()],
      rolldownOptions: {output: demoFileNames},
    },
  };
});

/**
 * What the worker's file runs, in a file beside it: else chunks would import the worker's own file for what they share
 * with it, and where that was asked for under another URL (a development server's, one with a version behind it) they
 * would run it a second time, in the same thread.
 */
const workerCode: Rolldown.CodeSplittingGroup = {
  name: 'speech-service',
  test: /\/workers\/(speech-service|engine-assets)\.ts$/,
};

/** The library: dist/package. */
function packageBuild(licences: LicencePlugins): UserConfig {
  return {
    ...common,
    plugins: [modelManifests(), offlineWorker(), plainAssetUrls(), licences.main],
    define: {__filename: 'undefined'}, // in TensorFlow.js: webpack promises one to modules, and gives none
    build: {
      ...commonBuild,
      outDir: 'dist/package',
      modulePreload: false,
      sourcemap: 'hidden', // kept out of the tarball; `npm run size` reads them
      rolldownOptions: {
        input: packageEntries,
        preserveEntrySignatures: 'strict',
        output: packageFileNames,
      },
    },
    worker: {
      format: 'es',
      plugins: () => [plainAssetUrls(), licences.worker()],
      rolldownOptions: {output: {...packageFileNames, codeSplitting: {groups: [workerCode]}}},
    },
  };
}

/** What `earshot` runs in Node, with every package that it needs: dist/cli. */
function commandBuild(licences: LicencePlugins): UserConfig {
  return {
    ...common,
    plugins: [licences.main],
    build: {
      ...commonBuild,
      ssr: resolve(root, 'src/cli/earshot.ts'),
      outDir: 'dist/cli',
      copyPublicDir: false, // the models lie in dist/package, for pages and for the command
    },
    // who installs the package installs nothing else (docs/decisions/0023); what TensorFlow.js would fetch by, it never does
    ssr: {noExternal: true, external: ['node-fetch']},
    define: {__dirname: 'import.meta.dirname'}, // what TensorFlow.js asks for in Node, and modules lack
  };
}
