import {launchChromium} from './chromium.ts';
import {startStaticServer} from './static-server.ts';

/** TFLite's own WebAssembly runtime (its XNNPACK kernels), in a browser: what "exact" is measured against. */
export interface TfliteRuntime {
  /** Runs a model of one input and one output on each of the inputs, in the element type that the model has. */
  run(model: Uint8Array, inputs: readonly ArrayLike<number>[]): Promise<readonly (readonly number[])[]>;
  close(): Promise<void>;
}

type Reply = {readonly outputs: readonly (readonly number[])[]} | {readonly error: string};

/** Opens a page that holds the runtime. It needs `eval`, so the page has no policy. */
export async function openTfliteRuntime(): Promise<TfliteRuntime> {
  const server = await startStaticServer('.', {headers: {}});
  const chromium = await launchChromium();
  await chromium.page.goto(`${server.url}test/support/tflite-worker.html`);
  return {
    run: async (model, inputs) => {
      const message = {
        model: Buffer.from(model).toString('base64'),
        inputs: inputs.map((values) => Array.from(values)),
      };
      const reply = await chromium.page.evaluate(askWorker, message);
      if ('error' in reply) throw new Error(`TFLite's runtime: ${reply.error}`);
      return reply.outputs;
    },
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}

// runs in the page, alone: it can use nothing from outside
async function askWorker(message: {
  readonly model: string;
  readonly inputs: readonly (readonly number[])[];
}): Promise<Reply> {
  const worker = new Worker('/test/support/tflite-worker.js'); // a fresh one: models of the last are gone
  const bytes = Uint8Array.from(atob(message.model), (character) => character.charCodeAt(0));
  const reply = await new Promise<{outputs?: readonly ArrayLike<number>[]; error?: string}>((resolve) => {
    worker.onmessage = ({data}: MessageEvent<{outputs?: readonly ArrayLike<number>[]; error?: string}>) =>
      resolve(data);
    worker.onerror = ({message: text}) => resolve({error: text});
    worker.postMessage({model: bytes.buffer, inputs: message.inputs});
  });
  worker.terminate();
  if (reply.outputs === undefined) return {error: reply.error ?? 'no outputs'};
  return {outputs: reply.outputs.map((values) => Array.from(values))};
}
