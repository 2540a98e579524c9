import {launchChromium} from '../../test/support/chromium.ts';
import {startListeningSite, type ListeningSite} from '../../test/support/listening-site.ts';
import type {Measurement, Row} from '../measurement.ts';
import {median, quantile} from '../statistics.ts';

/** Every round starts a browser, so there are fewer of them. */
const MOST_ROUNDS = 20;
const TIMEOUT_MS = 60_000;
/** Sound that the first window needs before it is whole: 49 frames of 40 ms every 20 ms. */
const WINDOW_MS = 1000;

/** Milliseconds from the start of the navigation. */
interface Marks {
  defined?: number;
  ready?: number;
  listening?: number;
  classified?: number;
}

declare global {
  var marks: Marks;
}

const steps = [
  ['defined', 'element defined'],
  ['ready', 'network ready'],
  ['listening', 'microphone open'],
  ['classified', 'first window classified: the first possible detection'],
] as const satisfies readonly (readonly [keyof Marks, string])[];

/** How long a visitor waits for the first possible detection. */
export const coldStart: Measurement = {
  id: 'cold-start',
  title:
    'Cold start: a page with one <kws-listener autostart> and the built-in model, from the navigation on, over localhost, in a browser just started with an empty profile (so nothing is cached); no peer',
  run: async ({rounds}) => {
    const site = await startListeningSite();
    try {
      const all: Marks[] = [];
      await startOnce(site); // the first one finds the machine's own file cache cold
      for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) all.push(await startOnce(site));
      return [
        ...steps.map(([key, name]) =>
          describe(
            name,
            all.map((marks) => marks[key] ?? NaN),
          ),
        ),
        rest(all),
      ];
    } finally {
      await site.close();
    }
  },
};

function describe(name: string, times: readonly number[]): Row {
  const note = `${times.length} starts`;
  return {name, unit: 'ms', p5: quantile(times, 0.05), value: median(times), note};
}

function rest(all: readonly Marks[]): Row {
  const own = all.map(({classified = NaN}) => classified - WINDOW_MS);
  return {
    ...describe('the same less the second of sound that a window holds', own),
    note: 'what the page itself adds',
  };
}

async function startOnce({server, microphoneWav}: ListeningSite): Promise<Marks> {
  const chromium = await launchChromium({microphoneWav, loop: true});
  const {context, page, problems} = chromium;
  try {
    await context.addInitScript(takeMarks);
    await page.goto(server.url);
    await page
      .waitForFunction(() => globalThis.marks.classified !== undefined, undefined, {timeout: TIMEOUT_MS})
      .catch((error: unknown) => {
        throw new Error(`the page classifies nothing: ${problems.join('; ')}`, {cause: error});
      });
    return await page.evaluate(() => globalThis.marks);
  } finally {
    await chromium.close();
  }
}

/** Runs in the page, before its own scripts, alone. */
function takeMarks(): void {
  const marks: Marks = {};
  globalThis.marks = marks;
  void customElements.whenDefined('kws-listener').then(() => {
    marks.defined = performance.now();
  });
  document.addEventListener('kws-state', (event) => {
    const {name} = event.state;
    if (name === 'ready' || name === 'listening') marks[name] ??= performance.now();
  });
  document.addEventListener('kws-posteriors', () => {
    marks.classified ??= performance.now();
  });
}
