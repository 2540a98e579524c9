import type {Candidate} from './candidates.ts';
import {prepareCall, type Call} from './prepare-call.ts';

type Message = {readonly candidate: Candidate} | {readonly callCount: number};

let call: Call | undefined;

self.onmessage = async ({data}: MessageEvent<Message>) => {
  try {
    self.postMessage(await answer(data));
  } catch (error) {
    self.postMessage({error: error instanceof Error ? error.message : String(error)});
  }
};

async function answer(message: Message): Promise<{readonly ms?: number}> {
  if ('candidate' in message) {
    call = await prepareCall(message.candidate);
    await call(); // what fails, fails now
    return {};
  }
  if (!call) throw new Error('got a count before a candidate');
  const startMs = performance.now();
  for (let index = 0; index < message.callCount; index++) await call();
  return {ms: performance.now() - startMs};
}
