// TFLite's own WebAssembly runtime, run in a classic worker: its client wants `importScripts` and the names that
// CommonJS has, and compiles code from strings. For comparison in tests only; nothing of it is ever shipped.
const PACKAGE = '/node_modules/@tensorflow/tfjs-tflite';

/** @type {any} the worker's global scope, which TypeScript takes for a page's */
const scope = self;
scope.exports = {};
scope.importScripts(`${PACKAGE}/wasm/tflite_web_api_client.js`);
const {tflite_web_api: api, TFLiteWebModelRunner: Runner} = scope.exports.tfweb ?? scope.tfweb;
api.setWasmPath(`${PACKAGE}/wasm/`);

/** @type {any} of the newest model */
let runner;

// answers {model, inputs} with the first output of each run, and {callCount} with the milliseconds that so many runs of
// that model take; or with the reason why there is no answer
scope.onmessage = async (
  /** @type {MessageEvent<{model: ArrayBuffer, inputs: number[][], callCount?: number}>} */ {data},
) => {
  try {
    if (data.callCount !== undefined) {
      scope.postMessage({ms: time(data.callCount)});
      return;
    }
    runner = await Runner.create(data.model, {numThreads: 1});
    scope.postMessage({outputs: data.inputs.map(run)});
  } catch (error) {
    scope.postMessage({error: String(error)});
  }
};

/** @param {number[]} values */
function run(values) {
  runner.getInputs()[0].data().set(values);
  if (!runner.infer()) throw new Error('TFLite refused to run');
  return runner.getOutputs()[0].data().slice();
}

/** @param {number} callCount */
function time(callCount) {
  const values = runner.getInputs()[0].data().slice();
  const startMs = performance.now();
  for (let index = 0; index < callCount; index++) run(values);
  return performance.now() - startMs;
}
