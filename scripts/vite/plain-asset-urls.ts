import type {Plugin} from 'vite';

/** What Vite makes of the worker's URL: right in a browser, but no bundler finds the file in it. */
const NESTED = /new URL\(new URL\(`([^`]+)`,import\.meta\.url\)\.href,``\+import\.meta\.url\)/g;

/** Under its published name, which is not there, ONNX Runtime's script means itself. */
const ONNX_SCRIPT = /new URL\(`ort\.[^`]+\.mjs`,import\.meta\.url\)/g;

/** The audio thread's file, so small that Vite would make a data: URL of it, which strict policies refuse. */
const WORKLET = '`capture.worklet.js`,';

/**
 * Names the files that a built script refers to in the form that bundlers look for, so that a site that bundles the
 * package gets its files: `new URL('./file', import.meta.url)`. As long as before where lines are long, for the source map.
 */
export function plainAssetUrls(): Plugin {
  return {
    name: 'earshot:plain-asset-urls',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        output.code = output.code
          .replace(NESTED, (nested, file: string) => newUrl(`\`./${file}\`,import.meta.url`, nested.length))
          .replace(ONNX_SCRIPT, (script) => newUrl('import.meta.url', script.length))
          .replace(WORKLET, '`capture.worklet.js?no-inline`,');
      }
    },
  };
}

/** `new URL(…)`, filled up with spaces to `length`. */
function newUrl(argument: string, length: number): string {
  return `new URL(${argument}`.padEnd(length - 1).concat(')');
}
