import {readFileSync} from 'node:fs';
import type {Chromium} from './chromium.ts';

/** Of the clock in which Linux states processor time. */
const TICKS_PER_SECOND = 100;

/**
 * Resident memory of all renderers of this browser together, after a collection in the page, kilobytes as Linux states
 * them; those of other pages do not change.
 */
export async function residentKb(chromium: Chromium): Promise<number> {
  const {context, page} = chromium;
  const pageSession = await context.newCDPSession(page);
  await pageSession.send('HeapProfiler.collectGarbage');
  await pageSession.detach();
  return (await rendererIds(chromium))
    .map((id) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]))
    .reduce((sum, kilobytes) => sum + kilobytes, 0);
}

/** The most resident memory that any renderer of this browser had so far, bytes, as Linux states it. */
export async function peakBytes(chromium: Chromium): Promise<number> {
  const peaks = (await rendererIds(chromium)).map(
    (id) => 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]),
  );
  return Math.max(...peaks);
}

/** Processor time that all renderers of this browser took so far, seconds, as Linux states it. */
export async function processorSeconds(chromium: Chromium): Promise<number> {
  const ticks = (await rendererIds(chromium)).map((id) => {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]); // proc(5): utime and stime, behind the name
  });
  return ticks.reduce((sum, count) => sum + count, 0) / TICKS_PER_SECOND;
}

/** The processes of this browser's renderers. */
async function rendererIds({context}: Chromium): Promise<readonly number[]> {
  const browser = await context.browser()?.newBrowserCDPSession();
  if (!browser) throw new Error('got no browser session, expected one');
  const {processInfo} = await browser.send('SystemInfo.getProcessInfo');
  await browser.detach();
  return processInfo.filter(({type}) => type === 'renderer').map(({id}) => id);
}
