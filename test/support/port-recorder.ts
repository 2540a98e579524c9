import type {Page} from 'playwright-core';
import type {AudioChunk} from '../../src/protocol/audio-messages.ts';

/** What went from the audio thread to the worker, as the worker received it. */
export interface RecordedPort {
  readonly sampleRateHz: number;
  readonly channels: readonly Float32Array[]; // of one length
}

/** Path of the relay on the page's own origin: the site's policy allows no other place. */
const RELAY_PATH = '/some/relay.js';

/**
 * Puts a worker of its own between the audio thread and the speech worker of every transcription that begins after
 * this: it passes everything on, both ways, and keeps a copy. The main thread has no part in it, so that it may be
 * blocked. To be called before the page is opened.
 */
export async function recordPorts(page: Page): Promise<void> {
  await page
    .context()
    .route(`**${RELAY_PATH}`, (route) =>
      route.fulfill({contentType: 'text/javascript', body: `(${relay.toString()})();`}),
    );
  await page.context().addInitScript(interceptTranscribe, RELAY_PATH);
}

/** What the newest transcription's worker has received so far. */
export async function takeRecording(page: Page): Promise<RecordedPort> {
  const {sampleRateHz, channels} = await page.evaluate(async () => {
    const taken = await globalThis.takeRecordedPort();
    // base64: a page answers in JSON
    return {
      ...taken,
      channels: taken.channels.map((channel) => {
        const bytes = new Uint8Array(channel.buffer);
        let binary = '';
        for (let start = 0; start < bytes.length; start += 0x8000) {
          binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
        }
        return btoa(binary);
      }),
    };
  });
  return {
    sampleRateHz,
    channels: channels.map((channel) => {
      const bytes = new Uint8Array(Buffer.from(channel, 'base64'));
      return new Float32Array(bytes.buffer);
    }),
  };
}

declare global {
  var takeRecordedPort: () => Promise<{sampleRateHz: number; channels: Float32Array[]}>;
}

/** Runs in the page, before its own scripts. */
function interceptTranscribe(relayPath: string): void {
  const post = Reflect.get(Worker.prototype, 'postMessage') as (
    this: Worker,
    message: unknown,
    transfer: Transferable[],
  ) => void;
  let relayWorker: Worker | undefined;
  let sampleRateHz = 0;
  function postMessage(this: Worker, message: unknown, transfer: Transferable[]): void {
    const {kind, payload} = message as {kind?: string; payload?: {port: MessagePort; sampleRateHz: number}};
    if (kind !== 'transcribe' || !payload) {
      post.call(this, message, transfer);
      return;
    }
    const {port1, port2} = new MessageChannel();
    sampleRateHz = payload.sampleRateHz;
    relayWorker = new Worker(relayPath);
    post.call(relayWorker, {audio: payload.port, worker: port1}, [payload.port, port1]);
    post.call(this, {...(message as object), payload: {...payload, port: port2}}, [port2]);
  }
  Worker.prototype.postMessage = postMessage as typeof Worker.prototype.postMessage;
  globalThis.takeRecordedPort = async () => {
    const worker = relayWorker;
    if (!worker) throw new Error('got no transcription, expected one');
    const channels = await new Promise<Float32Array[]>((resolve) => {
      worker.onmessage = ({data}: MessageEvent<Float32Array[]>) => {
        resolve(data);
      };
      post.call(worker, 'take', []);
    });
    return {sampleRateHz, channels};
  };
}

/** Runs in the relay. */
function relay(): void {
  const pieces: Float32Array[][] = [];
  let audio: MessagePort | undefined;
  self.onmessage = ({data}: MessageEvent<'take' | {audio: MessagePort; worker: MessagePort}>) => {
    if (data === 'take') {
      self.postMessage(joined());
      return;
    }
    audio = data.audio;
    const {worker} = data;
    worker.onmessage = ({data: back}: MessageEvent<{buffer: Float32Array}>) => {
      audio?.postMessage(back, [back.buffer.buffer]);
    };
    audio.onmessage = ({data: chunk}: MessageEvent<AudioChunk | {kind: 'audio-end'}>) => {
      if (chunk.kind === 'audio') keep(chunk);
      worker.postMessage(chunk, chunk.kind === 'audio' ? [chunk.buffer.buffer] : []);
    };
  };

  function keep({buffer, channelCount, sampleCount}: AudioChunk): void {
    const stride = buffer.length / 2;
    pieces.push(
      Array.from({length: channelCount}, (_, channel) =>
        buffer.slice(channel * stride, channel * stride + sampleCount),
      ),
    );
  }

  function joined(): Float32Array[] {
    const channelCount = Math.max(0, ...pieces.map((piece) => piece.length));
    const length = pieces.reduce((sum, [first]) => sum + (first?.length ?? 0), 0);
    return Array.from({length: channelCount}, (_, channel) => {
      const whole = new Float32Array(length);
      let offset = 0;
      for (const piece of pieces) {
        // a device that turned mono has one channel for both
        const samples = piece[channel] ?? piece[0] ?? new Float32Array(0);
        whole.set(samples, offset);
        offset += samples.length;
      }
      return whole;
    });
  }
}
