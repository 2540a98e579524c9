import {seededValues} from '../../../test/support/seeded-checkpoint.ts';
import type {
  SpeechWorkerChoice,
  SpeechWorkerMessage,
  SpeechWorkerReply,
  SpeechWorkerResult,
} from './speech-worker.ts';

declare global {
  /** Starts a worker under that name and makes its network ready; milliseconds from before the worker is there. */
  var openSpeech: (name: string, choice: SpeechWorkerChoice) => Promise<number>;
  /** Lets one worker transcribe so much seeded noise. */
  var transcribeSpeech: (name: string, seconds: number) => Promise<SpeechWorkerResult>;
  /** Reads memory in so many workers at once, as fast as WebAssembly can; bytes per second of all together. */
  var sweepMemory: (module: string, workerCount: number) => Promise<number>;
}

const RATE_HZ = 16_000;
const LOUDNESS = {centre: 0, amplitude: 0.1};

const workers = new Map<string, Worker>();

globalThis.openSpeech = async (name, choice) => {
  const startMs = performance.now();
  const worker = spawn(choice);
  workers.set(name, worker);
  await ask(worker, {kind: 'open', choice});
  return performance.now() - startMs;
};

globalThis.transcribeSpeech = async (name, seconds) => {
  const worker = workers.get(name);
  if (!worker)
    throw new RangeError(`got worker "${name}", expected one of: ${[...workers.keys()].join(', ')}`);
  return await ask(worker, {
    kind: 'transcribe',
    samples: seededValues('noise', seconds * RATE_HZ, LOUDNESS),
  });
};

globalThis.sweepMemory = async (module, workerCount) => {
  const rates = await Promise.all(Array.from({length: workerCount}, () => sweepInWorker(module)));
  return rates.reduce((sum, rate) => sum + rate, 0);
};

function spawn({runner}: SpeechWorkerChoice): Worker {
  if (runner.kind === 'transformers') {
    return new Worker('/bench/large/page/transformers-worker.js', {type: 'module'});
  }
  return new Worker(new URL('./earshot.worker.ts', import.meta.url), {type: 'module'});
}

async function ask(worker: Worker, message: SpeechWorkerMessage): Promise<SpeechWorkerResult> {
  const reply = await answerOf<SpeechWorkerReply>(worker, message);
  if ('error' in reply) throw new Error(reply.error);
  return reply;
}

async function sweepInWorker(module: string): Promise<number> {
  const worker = new Worker(new URL('./sweep.worker.ts', import.meta.url), {type: 'module'});
  try {
    return await answerOf<number>(worker, module);
  } finally {
    worker.terminate();
  }
}

function answerOf<Answer>(worker: Worker, message: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({data}: MessageEvent<Answer>) => {
      resolve(data);
    };
    worker.onerror = ({message: text}) => {
      reject(new Error(text || 'its worker did not load'));
    };
    worker.postMessage(message);
  });
}
