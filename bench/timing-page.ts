import {existsSync} from 'node:fs';
import {launchChromium} from '../test/support/chromium.ts';
import {repositoryPath} from '../test/support/repository.ts';
import {startStaticServer} from '../test/support/static-server.ts';
import {findGpuAdapter, WEBGPU_ARGS, type GpuAdapter} from '../test/support/webgpu.ts';
import type {Candidate, Timing, TimingOptions} from './page/candidates.ts';

/** The built page of bench/page in a browser. */
export interface TimingPage {
  /** What the browser calls itself. */
  readonly browserVersion: string;
  /** What its WebGPU computes on, or why there is none. */
  readonly gpu: GpuAdapter | {readonly absent: string};
  /** Times candidates side by side (bench/page/main.ts); one timing for each, in their order. */
  time(candidates: readonly Candidate[], options: TimingOptions): Promise<readonly Timing[]>;
  close(): Promise<void>;
}

const BUILT_PAGE = 'dist/bench/bench/page/index.html';

/**
 * Opens the page. It has no policy, since TFLite's runtimes compile code from strings, and no cross-origin isolation, as
 * most pages: so nothing here runs on several threads.
 * @throws Error where the page is not built.
 */
export async function openTimingPage(): Promise<TimingPage> {
  if (!existsSync(repositoryPath(BUILT_PAGE))) {
    throw new Error(`${BUILT_PAGE} is missing: run "npx vite build --mode bench" first`);
  }
  const server = await startStaticServer('.', {headers: {}}); // the peers lie below node_modules and .cache
  const chromium = await launchChromium({gpu: true, extraArgs: WEBGPU_ARGS});
  const {context, page} = chromium;
  await page.goto(`${server.url}${BUILT_PAGE}`);
  return {
    browserVersion: `Chromium ${context.browser()?.version() ?? 'of unknown version'}`,
    gpu: await findGpuAdapter(page),
    time: (candidates, options) =>
      page.evaluate(([entrants, how]) => globalThis.timeCandidates(entrants, how), [
        candidates,
        options,
      ] as const),
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}
