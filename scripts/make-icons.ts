/**
 * Makes the icons of the installed demo from public/icon.svg, in Chromium.
 * `npx tsx scripts/make-icons.ts`
 */
import {readFile} from 'node:fs/promises';
import {launchChromium} from '../test/support/chromium.ts';
import {repositoryPath} from '../test/support/repository.ts';

/** The background of icon.svg, which reaches to the edge where the system cuts the shape. */
const BACKGROUND = '#14532d';

/** Of a maskable icon only a circle of 80 % is sure to be seen (https://www.w3.org/TR/appmanifest/#icon-masks). */
const SAFE_RATIO = 0.8;

const icons = [
  {file: 'icon-192.png', sizePx: 192, isFull: false},
  {file: 'icon-512.png', sizePx: 512, isFull: false},
  {file: 'icon-maskable-512.png', sizePx: 512, isFull: true},
  {file: 'icon-180.png', sizePx: 180, isFull: true}, // iOS rounds the corners itself
];

const svg = await readFile(repositoryPath('public/icon.svg'), 'base64');
const chromium = await launchChromium();
try {
  const {page} = chromium;
  for (const {file, sizePx, isFull} of icons) {
    const imagePx = Math.round(isFull ? sizePx * SAFE_RATIO : sizePx);
    await page.setViewportSize({width: sizePx, height: sizePx});
    await page.setContent(`
      <style>
        body { display: grid; place-items: center; margin: 0; block-size: 100vh;
               background: ${isFull ? BACKGROUND : 'transparent'}; }
      </style>
      <img width="${imagePx}" height="${imagePx}" src="data:image/svg+xml;base64,${svg}" />`);
    await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
    await page.screenshot({path: repositoryPath(`public/${file}`), omitBackground: !isFull});
  }
} finally {
  await chromium.close();
}
