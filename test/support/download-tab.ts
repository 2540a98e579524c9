import type {BrowserContext} from 'playwright-core';
import {expect} from 'vitest';
import type {DownloadFact, DownloadTask} from './download-worker.ts';

/** A tab whose worker downloads a file. */
export interface DownloadTab {
  readonly facts: readonly DownloadFact[];
  /** Bytes that were there when they were last told. */
  readonly loadedBytes: () => number;
  /** Waits for the end of the download. */
  end(): Promise<Extract<DownloadFact, {kind: 'done' | 'failed'}>>;
  /** Waits until so many bytes are there. */
  reach(bytes: number): Promise<void>;
  abort(): Promise<void>;
  close(): Promise<void>;
}

declare global {
  var downloadWorker: Worker;
  var tellTest: (fact: DownloadFact) => void;
}

const PATIENCE = {timeout: 100_000, interval: 20};

/** Opens a tab at a site that has the built download-worker, and lets it begin. */
export async function openDownloadTab(
  context: BrowserContext,
  siteUrl: string,
  task: DownloadTask,
): Promise<DownloadTab> {
  const facts: DownloadFact[] = [];
  const page = await context.newPage();
  await page.exposeFunction('tellTest', (fact: DownloadFact) => facts.push(fact));
  await page.goto(siteUrl);
  await page.evaluate((message) => {
    globalThis.downloadWorker = new Worker('/download-worker.js', {type: 'module'});
    globalThis.downloadWorker.onmessage = ({data}: MessageEvent<DownloadFact>) => globalThis.tellTest(data);
    globalThis.downloadWorker.postMessage(message);
  }, task);
  const loadedBytes = (): number => {
    const last = facts.findLast((fact) => fact.kind === 'progress');
    return last?.loadedBytes ?? 0;
  };
  return {
    facts,
    loadedBytes,
    end: () =>
      expect
        .poll(() => facts.at(-1)?.kind, PATIENCE)
        .toMatch(/^(done|failed)$/)
        .then(() => facts.at(-1) as Extract<DownloadFact, {kind: 'done' | 'failed'}>),
    reach: (bytes) => expect.poll(loadedBytes, PATIENCE).toBeGreaterThanOrEqual(bytes),
    abort: async () =>
      await page.evaluate(() => {
        globalThis.downloadWorker.postMessage('abort');
      }),
    close: () => page.close(),
  };
}
