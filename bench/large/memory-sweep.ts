interface Compiler {
  readonly main: (
    argv: readonly string[],
    files: {
      readonly readFile: (name: string) => string | null;
      readonly writeFile: (name: string, contents: string | Uint8Array) => void;
      readonly listFiles: () => readonly string[];
    },
  ) => Promise<{readonly error: unknown}>;
}

// by a name that TypeScript does not follow: see scripts/compile-kernels.mjs
const compilerName = 'assemblyscript/asc';

/** Adds up memory in four sums, so that no addition waits for the one before it. */
const SOURCE = `
export function sweep(byteCount: usize): i64 {
  let a = i64x2.splat(0), b = a, c = a, d = a;
  for (let at: usize = 0; at < byteCount; at += 64) {
    a = i64x2.add(a, v128.load(at));
    b = i64x2.add(b, v128.load(at, 16));
    c = i64x2.add(c, v128.load(at, 32));
    d = i64x2.add(d, v128.load(at, 48));
  }
  const sum = i64x2.add(i64x2.add(a, b), i64x2.add(c, d));
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
}
`;

/** The bytes of a WebAssembly module that reads all of a memory and does next to nothing with it. */
export async function compileMemorySweep(): Promise<Uint8Array> {
  const {default: compiler} = (await import(compilerName)) as {default: Compiler};
  let module: Uint8Array | undefined;
  const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noExportMemory'];
  const {error} = await compiler.main(['sweep.ts', '--outFile', 'sweep.wasm', ...options], {
    readFile: (name) => (name === 'sweep.ts' ? SOURCE : null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') module = contents;
    },
    listFiles: () => [],
  });
  if (error || !module) throw new Error(`got ${String(error)}, expected a module`);
  return module;
}
