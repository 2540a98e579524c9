import {beforeEach, describe, expect, it, vi} from 'vitest';
import {
  MAX_CHANNEL_COUNT,
  POOL_BUFFER_COUNT,
  POOL_BUFFER_SAMPLES,
  RENDER_QUANTUM_SAMPLES,
  type AudioChunk,
  type FromWorklet,
  type PoolBuffer,
  type ToWorklet,
} from '../../../src/protocol/audio-messages.ts';
import {repositoryPath} from '../../support/repository.ts';

/** The worker's end of the direct port, as the worklet sees it. */
class FakePort {
  onmessage: ((event: {data: unknown}) => void) | undefined;
  readonly sent: FromWorklet[] = [];

  postMessage(message: FromWorklet): void {
    this.sent.push(message);
  }

  giveBack(buffer: PoolBuffer): void {
    this.onmessage?.({data: {kind: 'return', buffer}});
  }

  get chunks(): readonly AudioChunk[] {
    return this.sent.filter((message) => message.kind === 'audio');
  }
}

interface Processor {
  readonly port: {onmessage: ((event: {data: ToWorklet}) => void) | undefined};
  process(inputs: Float32Array[][]): boolean;
}

let CaptureProcessor: new () => Processor;
let processor: Processor;
let worker: FakePort;

beforeEach(async () => {
  vi.stubGlobal(
    'AudioWorkletProcessor',
    class {
      readonly port = {onmessage: undefined};
    },
  );
  vi.stubGlobal('registerProcessor', (_name: string, processorClass: new () => Processor) => {
    CaptureProcessor = processorClass;
  });
  vi.resetModules();
  // by path, because the audio thread's types are not those of a test
  await import(/* @vite-ignore */ repositoryPath('workers/capture.worklet.ts'));
  processor = new CaptureProcessor();
  worker = connect();
});

function connect(): FakePort {
  const port = new FakePort();
  processor.port.onmessage?.({data: {kind: 'connect', port: port as unknown as MessagePort}});
  return port;
}

/** Renders so many quanta whose samples all have one value, on so many channels. */
function render(quanta: number, value = 0.5, channelCount = 1): void {
  for (let quantum = 0; quantum < quanta; quantum++) {
    const channels = Array.from({length: channelCount}, (_, channel) =>
      new Float32Array(RENDER_QUANTUM_SAMPLES).fill(value * (channel + 1)),
    );
    expect(processor.process([channels])).toBe(true);
  }
}

const QUANTA_PER_BUFFER = POOL_BUFFER_SAMPLES / RENDER_QUANTUM_SAMPLES;

describe('a full buffer', () => {
  it('is sent with the index of its first sample, channel after channel', () => {
    render(2 * QUANTA_PER_BUFFER, 0.25, 2);
    expect(worker.chunks.map(({firstSample}) => firstSample)).toEqual([0, POOL_BUFFER_SAMPLES]);
    const [chunk] = worker.chunks;
    expect(chunk).toMatchObject({sampleCount: POOL_BUFFER_SAMPLES, channelCount: 2});
    expect(chunk?.buffer[POOL_BUFFER_SAMPLES - 1]).toBe(0.25);
    expect(chunk?.buffer[POOL_BUFFER_SAMPLES]).toBe(0.5);
    expect(chunk?.buffer.length).toBe(MAX_CHANNEL_COUNT * POOL_BUFFER_SAMPLES);
  });

  it('is silence where the source has no channel: time goes on', () => {
    for (let quantum = 0; quantum < QUANTA_PER_BUFFER; quantum++) processor.process([[]]);
    expect(worker.chunks[0]).toMatchObject({firstSample: 0, channelCount: 1});
    expect(worker.chunks[0]?.buffer.every((sample) => sample === 0)).toBe(true);
  });
});

it('sends early when the number of channels changes', () => {
  render(3, 0.5, 1);
  render(QUANTA_PER_BUFFER, 0.5, 2);
  expect(
    worker.chunks.map(({sampleCount, channelCount, firstSample}) => ({
      sampleCount,
      channelCount,
      firstSample,
    })),
  ).toEqual([
    {sampleCount: 3 * RENDER_QUANTUM_SAMPLES, channelCount: 1, firstSample: 0},
    {sampleCount: POOL_BUFFER_SAMPLES, channelCount: 2, firstSample: 3 * RENDER_QUANTUM_SAMPLES},
  ]);
});

describe('with the pool empty', () => {
  it('samples are lost, and the next index tells how many', () => {
    render((POOL_BUFFER_COUNT + 2) * QUANTA_PER_BUFFER);
    expect(worker.chunks).toHaveLength(POOL_BUFFER_COUNT);
    const [first] = worker.chunks;
    if (first) worker.giveBack(first.buffer);
    render(QUANTA_PER_BUFFER);
    expect(worker.chunks.at(-1)?.firstSample).toBe((POOL_BUFFER_COUNT + 2) * POOL_BUFFER_SAMPLES);
    expect(worker.chunks.at(-1)?.buffer).toBe(first?.buffer);
  });
});

describe('the end', () => {
  it('sends what is there, then nothing more', () => {
    render(2);
    processor.port.onmessage?.({data: {kind: 'end'}});
    render(2 * QUANTA_PER_BUFFER);
    expect(worker.sent.map(({kind}) => kind)).toEqual(['audio', 'audio-end']);
    expect(worker.chunks[0]?.sampleCount).toBe(2 * RENDER_QUANTUM_SAMPLES);
  });

  it('leaves the processor ready for another run, with a whole pool and time from zero', () => {
    render(5 * QUANTA_PER_BUFFER); // five buffers that never come back
    const second = connect();
    expect(worker.sent.at(-1)?.kind).toBe('audio-end');
    render((POOL_BUFFER_COUNT + 1) * QUANTA_PER_BUFFER);
    expect(second.chunks).toHaveLength(POOL_BUFFER_COUNT);
    expect(second.chunks[0]?.firstSample).toBe(0);
  });
});

it('copies nothing before it is connected', () => {
  const lonely = new CaptureProcessor();
  expect(lonely.process([[new Float32Array(RENDER_QUANTUM_SAMPLES)]])).toBe(true);
});
