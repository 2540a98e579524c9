import {expect, test, vi} from 'vitest';
import type {Runtime} from '../../../src/engine/onnx-runtime.ts';
import {OnnxSession} from '../../../src/engine/onnx-session.ts';
import {fakeKeywordSystem} from '../../support/fake-keyword-system.ts';

const graph = fakeKeywordSystem.buildGraph();
const file = new Uint8Array();

function runtimeWith(create: () => Promise<unknown>): Runtime {
  return {InferenceSession: {create}} as unknown as Runtime;
}

test('a session that opens after the page has called it off gives its memory back', async () => {
  const calledOff = new AbortController();
  const release = vi.fn(() => Promise.resolve());
  const runtime = runtimeWith(() => {
    calledOff.abort();
    return Promise.resolve({release, inputNames: graph.inputs, outputNames: graph.outputs});
  });
  const opening = OnnxSession.open(runtime, graph, file, {provider: 'wasm', signal: calledOff.signal});
  await expect(opening).rejects.toThrow(expect.objectContaining({name: 'AbortError'}));
  expect(release).toHaveBeenCalledOnce();
});

test('a network that the runtime does not take is a typed error that says why', async () => {
  const runtime = runtimeWith(() => Promise.reject(new Error('no such operator')));
  const opening = OnnxSession.open(runtime, graph, file, {provider: 'wasm'});
  await expect(opening).rejects.toThrow(/no such operator.*a network that onnxruntime-web runs/);
});
