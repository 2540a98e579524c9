/**
 * Takes docs/screenshot.png: the built demo in Chromium, with synthetic words as its microphone.
 * `npx vite build && npx tsx scripts/take-screenshot.ts`
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startDemoPage} from '../test/support/demo-page.ts';
import {readMono} from '../test/support/recordings.ts';
import {repositoryPath} from '../test/support/repository.ts';
import {concatenateWithSilence, writeWav} from '../test/support/wav.ts';

const WORDS = ['words/left', 'words/go', 'audio/yes', 'words/stop'];

const folder = mkdtempSync(join(tmpdir(), 'earshot-screenshot-'));
const microphoneWav = join(folder, 'words.wav');
const clips = WORDS.map((word) => readMono(repositoryPath(`test/fixtures/${word}.wav`)));
writeWav(microphoneWav, concatenateWithSilence(clips, 1200, 16000).samples, 16000);

const demo = await startDemoPage({microphoneWav});
try {
  const {page} = demo;
  await page.setViewportSize({width: 1280, height: 838});
  await page.emulateMedia({colorScheme: 'light'});
  await demo.open();
  await page.locator('kws-listener button').click();
  await page.locator('#detections li', {hasText: 'stop'}).waitFor();
  await page.waitForTimeout(300); // the curve's top
  await page.screenshot({path: repositoryPath('docs/screenshot.png')});
} finally {
  await demo.close();
  rmSync(folder, {recursive: true});
}
