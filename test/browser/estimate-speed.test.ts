import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

let opened: SpotterPage;

beforeAll(async () => {
  opened = await openSpotterPage();
});
afterAll(async () => {
  await opened.close();
});

/** What the page is told, or the error's name and message. */
async function estimate(systemId: string): Promise<number | string> {
  return await opened.chromium.page.evaluate(
    async (id) =>
      await globalThis.earshot.Transcriber.estimateRealTimeFactor(id).catch((error: unknown) =>
        String(error),
      ),
    systemId,
  );
}

describe('the speed that is to be expected', () => {
  it.each(['wav2vec2-base', 'deepspeech2'])(
    'of %s is told, and nothing of it is fetched',
    async (systemId) => {
      const {server} = opened;
      const before = server.requests.length;
      expect(await estimate(systemId)).toBeGreaterThan(0);
      expect(server.requests.slice(before).filter((path) => path.includes('/models/'))).toEqual([]);
      expect(opened.chromium.problems).toEqual([]);
    },
  );

  it('of the built-in transcriber is that of its network', async () => {
    expect(await estimate('earshot-ctc')).toBeGreaterThan(0);
  });

  it('of a network that is neither here nor in parts is not told', async () => {
    expect(await estimate('wav2letter')).toMatch(/^SpeechError: got no weights for wav2letter/);
    expect(await estimate('nobody')).toMatch(/RangeError: got transcriber "nobody"/);
  });

  it('is measured in a worker of its own, which ends with it or when the page calls it off', async () => {
    const {page} = opened.chromium;
    expect(page.workers()).toEqual([]);
    const reason = await page.evaluate(async () => {
      const calledOff = new AbortController();
      const {signal} = calledOff;
      const estimate = globalThis.earshot.Transcriber.estimateRealTimeFactor('deepspeech2', {signal});
      setTimeout(() => {
        calledOff.abort(new Error('enough'));
      }, 200);
      return await estimate.catch((error: unknown) => (error as Error).message);
    });
    expect(reason).toBe('enough');
    await expect.poll(() => page.workers().length).toBe(0);
  });
});
