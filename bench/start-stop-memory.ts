// What starting and stopping leaves behind in the renderer process (docs/decisions/0006): resident memory as Linux
// states it, after each hundred runs. `npm run build && npx tsx bench/start-stop-memory.ts`
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {loadSpotter, openSpotterPage, type SpotterPage} from '../test/support/spotter-page.ts';
import {seededRandom} from '../test/support/prng.ts';
import {writeWav} from '../test/support/wav.ts';

const ROUND_RUNS = 100;
const ROUND_COUNT = 5;
const RUN_MS = 5;

const folder = mkdtempSync(join(tmpdir(), 'earshot-memory-'));
const microphoneWav = join(folder, 'noise.wav');
writeWav(microphoneWav, seededRandom(3).samples(16_000, 0.01), 16_000);
const opened = await openSpotterPage({microphoneWav, loop: true});
try {
  await loadSpotter(opened.chromium);
  await startAndStop(opened, ROUND_RUNS); // what is made once is made now
  const firstKb = await residentKb(opened);
  console.log(`after ${ROUND_RUNS} runs: ${firstKb} kB`);
  for (let round = 1; round <= ROUND_COUNT; round++) {
    await startAndStop(opened, ROUND_RUNS);
    const grownKb = (await residentKb(opened)) - firstKb;
    const runs = round * ROUND_RUNS;
    console.log(`${runs} more: ${grownKb} kB more, ${(grownKb / runs).toFixed(0)} kB a run`);
  }
} finally {
  await opened.close();
  rmSync(folder, {recursive: true});
}

async function startAndStop({chromium: {page}}: SpotterPage, count: number): Promise<void> {
  await page.evaluate(
    async ({count, ms}) => {
      for (let run = 0; run < count; run++) {
        await globalThis.spotter.start();
        await new Promise((resolve) => setTimeout(resolve, ms));
        await globalThis.spotter.stop();
      }
    },
    {count, ms: RUN_MS},
  );
}

/** Of all renderers of this browser together, after a collection; those of other pages do not change. */
async function residentKb({chromium}: SpotterPage): Promise<number> {
  const page = await chromium.context.newCDPSession(chromium.page);
  await page.send('HeapProfiler.collectGarbage');
  await page.detach();
  const browser = await chromium.context.browser()?.newBrowserCDPSession();
  if (!browser) throw new Error('got no browser session, expected one');
  const {processInfo} = await browser.send('SystemInfo.getProcessInfo');
  await browser.detach();
  return processInfo
    .filter(({type}) => type === 'renderer')
    .map(({id}) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]))
    .reduce((sum, kilobytes) => sum + kilobytes, 0);
}
