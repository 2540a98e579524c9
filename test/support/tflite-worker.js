// TFLite's own WebAssembly runtime, run in a classic worker: its client wants `importScripts` and the names that
// CommonJS has, and compiles code from strings. For comparison in tests only; nothing of it is ever shipped.
const PACKAGE = '/node_modules/@tensorflow/tfjs-tflite';

/** @type {any} the worker's global scope, which TypeScript takes for a page's */
const scope = self;
scope.exports = {};
scope.importScripts(`${PACKAGE}/wasm/tflite_web_api_client.js`);
const {tflite_web_api: api, TFLiteWebModelRunner: Runner} = scope.exports.tfweb ?? scope.tfweb;
api.setWasmPath(`${PACKAGE}/wasm/`);

// answers {model, inputs} with the first output of each run, or with the reason why there is none
scope.onmessage = async (/** @type {MessageEvent<{model: ArrayBuffer, inputs: number[][]}>} */ {data}) => {
  try {
    const runner = await Runner.create(data.model, {numThreads: 1});
    scope.postMessage({outputs: data.inputs.map((values) => run(runner, values))});
  } catch (error) {
    scope.postMessage({error: String(error)});
  }
};

/**
 * @param {any} runner
 * @param {number[]} values
 */
function run(runner, values) {
  runner.getInputs()[0].data().set(values);
  if (!runner.infer()) throw new Error('TFLite refused to run');
  return runner.getOutputs()[0].data().slice();
}
