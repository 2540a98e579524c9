import type {Chromium} from '../../test/support/chromium.ts';

/** Processor time of all renderers of a browser together; those of pages that do nothing take none. */
export async function rendererSeconds({context}: Pick<Chromium, 'context'>): Promise<number> {
  const browser = await context.browser()?.newBrowserCDPSession();
  if (!browser) throw new Error('got no browser session, expected one');
  const {processInfo} = await browser.send('SystemInfo.getProcessInfo');
  await browser.detach();
  return processInfo
    .filter(({type}) => type === 'renderer')
    .reduce((seconds, {cpuTime}) => seconds + cpuTime, 0);
}
