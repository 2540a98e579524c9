import {launchChromium, type Chromium, type ChromiumOptions} from './chromium.ts';
import {startStaticServer, type StaticServer} from './static-server.ts';

declare global {
  // how often the chart was drawn since the page was opened
  var drawingCount: number;
}

/** The built demo in a browser. */
export interface DemoPage {
  readonly chromium: Chromium;
  readonly page: Chromium['page'];
  readonly server: StaticServer;
  /** Opens the page anew; `globalThis.listener` is its element. */
  open(): Promise<void>;
  /** How many pixels of the chart have something on them, and the colour of the first. */
  readChart(): Promise<{readonly paintedCount: number; readonly firstColour: readonly number[]}>;
  close(): Promise<void>;
}

/** Starts a browser for the built demo, served below a sub-path under the strict policy. */
export async function startDemoPage(options: ChromiumOptions = {}): Promise<DemoPage> {
  const server = await startStaticServer('dist/demo', {basePath: '/some/where/'});
  const chromium = await launchChromium(options);
  const {page} = chromium;
  await page.addInitScript(() => {
    globalThis.drawingCount = 0;
    const {prototype} = CanvasRenderingContext2D;
    const clearRect = Reflect.get(prototype, 'clearRect') as (this: CanvasRenderingContext2D) => void;
    prototype.clearRect = function (...parameters) {
      globalThis.drawingCount++;
      Reflect.apply(clearRect, this, parameters);
    };
  });
  return {
    chromium,
    page,
    server,
    open: async () => {
      await page.goto(server.url);
      await page.evaluate(async () => {
        globalThis.listener = document.querySelector('kws-listener')!;
        await globalThis.listener.updateComplete;
        // the chart takes its size from the layout, one frame later
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      });
    },
    readChart: () => page.evaluate(readPixels),
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}

/** Runs in the page. */
function readPixels(): {paintedCount: number; firstColour: number[]} {
  const canvas = document.querySelector('canvas')!;
  const {data} = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let paintedCount = 0;
  let firstColour: number[] = [];
  for (let offset = 0; offset < data.length; offset += 4) {
    if (data[offset + 3] === 0) continue;
    if (data[offset + 3] === 255 && firstColour.length === 0)
      firstColour = [...data.slice(offset, offset + 3)];
    paintedCount++;
  }
  return {paintedCount, firstColour};
}
