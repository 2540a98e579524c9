/** What is needed by a few visitors only, or is large: kept once it is used. The first pattern that fits a path counts. */
const PARTS: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['earshot-ctc', /^models\/earshot-(ctc|lm|lexicon)\//], // what it writes words with comes with it
  ['onnx-webgpu', /^ort\.webgpu|^ort-wasm-simd-threaded\.asyncify/],
  ['onnx', /^ort[.-]/],
  ['tfjs-webgpu', /^tfjs-webgpu/],
  ['recordings', /^lasts-longer/],
];

/** What the page that spots keywords runs on. */
const KEYWORD_PATH = /^models\/earshot-kws\/|^tfjs-runtime|^tfjs-backend-wasm-simd/;

/** Larger files are no page's code: runtimes and models. */
const MOST_CODE_BYTES = 200_000;

/** What nothing runs; and the networks that a site has imported, which the worker stores when it downloads them. */
const NOT_KEPT = /\.(md|map|d\.ts)$|^models\/(?!earshot-)/;

/** Whether a file of a build is one that the service worker keeps. */
export function isKept(path: string): boolean {
  return !NOT_KEPT.test(path);
}

/**
 * The part that a file of a build belongs to; undefined where it is of the app, which every visitor keeps: all of the
 * page's code, and what spotting keywords needs.
 * @param path below the folder of the build.
 */
export function partOf(path: string, bytes: number): string | undefined {
  if (KEYWORD_PATH.test(path)) return undefined;
  const found = PARTS.find(([, pattern]) => pattern.test(path));
  return found?.[0] ?? (bytes > MOST_CODE_BYTES ? 'other' : undefined);
}
