import type {BrowserContext} from 'playwright-core';

declare global {
  // what a page under test has opened so far, in order
  var openedTracks: MediaStreamTrack[];
  var openedContexts: AudioContext[];
  /** While set, getUserMedia waits for it. */
  var permission: Promise<void> | undefined;
}

/** Makes every page of the browser keep the tracks and audio contexts that it opens. Call before the page loads. */
export async function spyOnCapture(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.openedTracks = [];
    globalThis.openedContexts = [];
    const devices = (navigator as {mediaDevices?: MediaDevices}).mediaDevices;
    if (!devices) return;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      await globalThis.permission;
      const stream = await open(constraints);
      globalThis.openedTracks.push(...stream.getTracks());
      return stream;
    };
    globalThis.AudioContext = class extends AudioContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        globalThis.openedContexts.push(this);
      }
    };
  });
}
