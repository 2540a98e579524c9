import {fromBase64} from './base64.ts';
import type {Candidate, LiteRtCandidate} from './candidates.ts';

/** A worker that holds one candidate, ready to run. */
export interface TimingWorker {
  /** Milliseconds that so many calls took, by the worker's own clock. */
  time(callCount: number): Promise<number>;
  end(): void;
}

/** What the workers answer; TFLite's also with outputs, which nobody asks for here. */
interface Reply {
  readonly ms?: number;
  readonly error?: string;
}

/** @throws Error with the candidate's own reason where it does not run. */
export async function openTimingWorker(candidate: Candidate): Promise<TimingWorker> {
  const worker = spawn(candidate);
  const ask = (message: unknown): Promise<Reply> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({data}: MessageEvent<Reply>) =>
        data.error === undefined ? resolve(data) : reject(new Error(data.error));
      worker.onerror = ({message: text}) => reject(new Error(text || 'its worker did not load'));
      worker.postMessage(message);
    });
  try {
    await ask(firstMessage(candidate));
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    time: async (callCount) => (await ask({callCount})).ms ?? NaN,
    end: () => worker.terminate(),
  };
}

function spawn({kind}: Candidate): Worker {
  if (kind === 'tflite') return new Worker('/test/support/tflite-worker.js');
  if (kind === 'litert') return new Worker('/bench/page/litert-worker.js');
  return new Worker(new URL('./timing.worker.ts', import.meta.url), {type: 'module'});
}

function firstMessage(candidate: Candidate): unknown {
  switch (candidate.kind) {
    case 'tflite':
      return {model: fromBase64(candidate.weights).buffer, inputs: [candidate.input]};
    case 'litert':
      return liteRtMessage(candidate);
    default:
      return {candidate};
  }
}

function liteRtMessage({weights, input, corePath, utilsPath}: LiteRtCandidate): unknown {
  return {model: fromBase64(weights), input, corePath, utilsPath};
}
