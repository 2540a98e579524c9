// What starting and stopping leaves behind in the renderer process (docs/decisions/0006): resident memory as Linux
// states it, after each hundred runs. `npm run build && npx tsx bench/start-stop-memory.ts`
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {loadSpotter, openSpotterPage, type SpotterPage} from '../test/support/spotter-page.ts';
import {seededRandom} from '../test/support/prng.ts';
import {residentKb} from '../test/support/renderer-memory.ts';
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
  const firstKb = await residentKb(opened.chromium);
  console.log(`after ${ROUND_RUNS} runs: ${firstKb} kB`);
  for (let round = 1; round <= ROUND_COUNT; round++) {
    await startAndStop(opened, ROUND_RUNS);
    const grownKb = (await residentKb(opened.chromium)) - firstKb;
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
