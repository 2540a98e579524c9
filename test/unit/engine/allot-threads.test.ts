import {afterEach, describe, expect, it, vi} from 'vitest';
import {allotThreads} from '../../../src/engine/allot-threads.ts';
import {explainThreads} from '../../../src/engine/choice/explain-threads.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('an engine that is asked for threads', () => {
  it('gets as many where memory can be shared and there are as many cores', () => {
    vi.stubGlobal('navigator', {hardwareConcurrency: 4});
    expect(allotThreads('onnx', 4)).toEqual({threadCount: 4});
  });

  it('gets as many where nobody tells how many cores there are', () => {
    vi.stubGlobal('navigator', undefined);
    expect(allotThreads('onnx', 4)).toEqual({threadCount: 4});
  });

  it('gets no more than there are cores', () => {
    vi.stubGlobal('navigator', {hardwareConcurrency: 2});
    expect(allotThreads('onnx', 4)).toEqual({threadCount: 2, shortfall: 'the device has 2 cores'});
  });

  it('gets one where the page is not cross-origin isolated', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(allotThreads('onnx', 2)).toEqual({
      threadCount: 1,
      shortfall: 'the page is not cross-origin isolated',
    });
  });

  it.each(['tfjs', 'tfjs-webgpu', 'onnx-webgpu'] as const)('gets one where it is %s', (engine) => {
    expect(allotThreads(engine, 2)).toEqual({threadCount: 1, shortfall: `${engine} takes one`});
  });

  it('is short of nothing where one is asked for', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(allotThreads('tfjs', 1)).toEqual({threadCount: 1});
    expect(allotThreads('onnx', 1)).toEqual({threadCount: 1});
  });
});

describe('the reason for a model', () => {
  const because = {basis: 'asked', text: 'As asked.', measured: [], leftOut: [], spentMs: 0} as const;

  it('stays as it is where all threads run, and where the page says nothing of them', () => {
    expect(explainThreads(because, {engine: 'onnx', threadCount: 2}, 2)).toBe(because);
    expect(explainThreads(because, {engine: 'tfjs', threadCount: 1})).toBe(because);
  });

  it('names what is missing', () => {
    expect(explainThreads(because, {engine: 'tfjs', threadCount: 1}, 3).text).toBe(
      'As asked. On 1 of the 3 threads asked for: tfjs takes one.',
    );
  });

  it('names no cause that it does not know: the runtime was started by an earlier load, say', () => {
    vi.stubGlobal('navigator', {hardwareConcurrency: 4});
    expect(explainThreads(because, {engine: 'onnx', threadCount: 1}, 2).text).toBe(
      'As asked. On 1 of the 2 threads asked for.',
    );
  });
});
