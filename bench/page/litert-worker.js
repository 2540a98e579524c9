// LiteRT.js, TFLite's newer runtime for browsers, on the CPU with one thread. Its module names another package, which a
// worker cannot look up, so the name is replaced by the path where the server has that package.

/** @type {any} the worker's global scope, which TypeScript takes for a page's */
const scope = self;
/** @type {(() => Promise<void>) | undefined} */
let call;

// takes the model first, then counts; answers with milliseconds, or with the reason why it does not run
scope.onmessage = async (/** @type {MessageEvent} */ {data}) => {
  try {
    if (data.callCount === undefined) {
      call = await prepare(data);
      await call();
      scope.postMessage({});
    } else {
      const startMs = performance.now();
      for (let index = 0; index < data.callCount; index++) await call?.();
      scope.postMessage({ms: performance.now() - startMs});
    }
  } catch (error) {
    scope.postMessage({error: String(error)});
  }
};

/**
 * @param {{model: Uint8Array, input: number[], corePath: string, utilsPath: string}} message
 * @returns {Promise<() => Promise<void>>}
 */
async function prepare({model, input, corePath, utilsPath}) {
  const {origin} = scope.location;
  const source = await (await fetch(`${corePath}/dist/index.js`)).text();
  const module = source.replace(
    '"@litertjs/wasm-utils"',
    JSON.stringify(`${origin}${utilsPath}/dist/index.js`),
  );
  const url = URL.createObjectURL(new Blob([module], {type: 'text/javascript'}));
  const {loadLiteRt, loadAndCompile, Tensor} = await import(url);
  const folder = `${origin}${corePath}/wasm/`;
  scope.Module = {locateFile: (/** @type {string} */ name) => folder + name}; // else it looks beside this file
  await loadLiteRt(folder);
  const compiled = await loadAndCompile(model, {accelerator: 'wasm'});
  const {shape} = compiled.getInputDetails()[0];
  const values = Int8Array.from(input);
  return async () => {
    const tensor = new Tensor(values, Array.from(shape));
    const outputs = await compiled.run(tensor);
    tensor.delete();
    for (const output of outputs) {
      await output.data();
      output.delete();
    }
  };
}
