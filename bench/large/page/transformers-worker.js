// transformers.js' pipeline over the same files of a network as ours. Its module names other packages, which a worker
// cannot look up, so the names are replaced by the paths where the server has those packages.

/** @typedef {import('./speech-worker.ts').SpeechWorkerChoice} Choice */
/** @typedef {import('./speech-worker.ts').SpeechWorkerMessage} Message */

/** @type {((samples: Float32Array) => Promise<{text: string}>) | undefined} */
let transcribe;

self.onmessage = async (/** @type {MessageEvent<Message>} */ {data}) => {
  const startMs = performance.now();
  try {
    if (data.kind === 'open') transcribe = await open(data.choice);
    const result = data.kind === 'transcribe' ? await transcribe?.(data.samples) : undefined;
    self.postMessage({text: result?.text ?? '', ms: performance.now() - startMs});
  } catch (error) {
    self.postMessage({error: String(error)});
  }
};

/** @param {Choice} choice */
async function open({runner, modelPath, threadCount}) {
  if (runner.kind !== 'transformers') throw new TypeError(`got runner ${runner.kind}, expected transformers`);
  const {origin} = self.location;
  const runtime = `${origin}${runner.runtimePath}/dist/`;
  const {env, pipeline} = await importReplacing(`${runner.libraryPath}/dist/transformers.web.min.js`, {
    'onnxruntime-web/webgpu': `${runtime}ort.webgpu.bundle.min.mjs`,
    'onnxruntime-common': `${origin}${runner.commonPath}/dist/esm/index.js`,
  });
  const [, parent, id] = /^(.*\/)([^/]+)\/$/.exec(modelPath) ?? [];
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = parent;
  const build = `${runtime}ort-wasm-simd-threaded.asyncify`; // the one that it takes by itself
  env.backends.onnx.wasm.wasmPaths = {mjs: `${build}.mjs`, wasm: `${build}.wasm`};
  env.backends.onnx.wasm.numThreads = threadCount;
  const transcriber = await pipeline('automatic-speech-recognition', id, {
    device: 'wasm',
    dtype: 'fp32', // the name of the file, whatever is in it
    subfolder: '',
    session_options: {externalData: [{path: 'model.onnx.data', data: 'model.onnx.data'}]},
  });
  renameInput(transcriber.model.sessions);
  return transcriber;
}

/**
 * Imports a module whose packages are named by URL.
 * @param {string} path
 * @param {Record<string, string>} urls by the name of the package
 */
async function importReplacing(path, urls) {
  let source = await (await fetch(path)).text();
  for (const [name, url] of Object.entries(urls)) {
    source = source.replace(`from${JSON.stringify(name)}`, `from${JSON.stringify(url)}`);
  }
  return await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
}

/**
 * It calls the input as PyTorch's model does; our files have another name.
 * @param {{model: any}} sessions
 */
function renameInput(sessions) {
  const {model} = sessions;
  const [name] = model.inputNames;
  sessions.model = {
    config: model.config,
    inputNames: ['input_values'],
    run: (/** @type {Record<string, unknown>} */ feeds) => model.run({[name]: feeds['input_values']}),
  };
}
