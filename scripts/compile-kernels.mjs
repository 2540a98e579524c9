import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';

/**
 * @typedef {object} CompilerOptions
 * @property {(name: string) => Promise<string | null>} readFile
 * @property {(name: string, contents: string | Uint8Array) => void} writeFile
 * @property {() => readonly string[]} listFiles
 * @property {{write: (text: string | Uint8Array) => void}} stderr
 */

/** @typedef {{main: (argv: readonly string[], options: CompilerOptions) => Promise<{error: unknown}>}} Compiler */

// by a name that TypeScript does not follow: the package's types change those of arrays in all that is compiled with them
const compilerName = 'assemblyscript/asc';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = 'src/engine/integer/kernels';

/** The file that the engine loads; it is part of the repository, so that nothing needs building before it runs. */
export const kernelsFile = `${root}src/engine/integer/integer-kernels.wasm`;

/**
 * Compiles the integer engine's kernels.
 * @returns {Promise<Uint8Array>} the bytes of the module
 */
export async function compileKernels() {
  /** @type {Uint8Array | undefined} */
  let module;
  const options = [
    ...['--outFile', 'kernels.wasm', '--baseDir', root],
    ...['-O3', '--noAssert', '--converge'],
    ...['--runtime', 'stub', '--use', 'abort='], // nothing is allocated, nothing is thrown
    ...['--enable', 'simd'],
    ...['--importMemory', '--noExportMemory', '--initialMemory', '1', '--memoryBase', '0'],
  ];
  const {default: asc} = /** @type {{default: Compiler}} */ (await import(compilerName));
  let messages = '';
  const {error} = await asc.main([`${folder}/index.ts`, ...options], {
    readFile: async (name) => await readFile(`${root}${name}`, 'utf8').catch(() => null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') module = contents;
    },
    listFiles: () => [],
    stderr: {write: (text) => void (messages += String(text))},
  });
  if (error || !module) throw new Error(`got ${String(error)}, expected a module:\n${messages}`);
  return module;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(kernelsFile, await compileKernels());
