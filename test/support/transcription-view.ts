import type {LiveTranscript} from '../../src/elements.ts';
import type {ChromiumOptions} from './chromium.ts';
import {startDemoPage, type DemoPage} from './demo-page.ts';
import {readMono} from './recordings.ts';
import {repositoryPath} from './repository.ts';
import {concatenateWithSilence} from './wav.ts';

declare global {
  // events of the transcript, oldest first, since the page was opened
  var transcriptEvents: readonly {readonly type: string; readonly phase?: string; readonly text?: string}[];
  // what the page has sent to its workers
  var sentToWorkers: readonly {readonly kind?: string; readonly payload?: unknown}[];
  // how often the spectrogram was drawn
  var spectrogramDrawings: number;
}

/** The built demo in a browser, with its view of transcription. */
export interface TranscriptionPage extends DemoPage {
  /** Opens the view anew by its address. */
  openView(hash?: string): Promise<void>;
  /** Drops a file on the page's heading. */
  drop(name: string, content: Uint8Array): Promise<void>;
  /** The state of the transcriber. */
  stateName(): Promise<string>;
}

/** Some synthetic words with pauses between them; 16 kHz. */
export function spokenWords(): Float32Array {
  const clips = ['stop', 'go', 'left'].map((word) =>
    readMono(repositoryPath(`test/fixtures/words/${word}.wav`)),
  );
  return concatenateWithSilence(clips, 1200, 16_000).samples;
}

/** Starts a browser for the built demo and its view of transcription. */
export async function startTranscriptionPage(options: ChromiumOptions = {}): Promise<TranscriptionPage> {
  const demo = await startDemoPage(options);
  const {page, server} = demo;
  await page.addInitScript(watchPage);
  return {
    ...demo,
    openView: async (hash = '#transcription') => {
      await page.goto('about:blank'); // else a new hash is no new page
      await page.goto(`${server.url}${hash}`);
      await page.locator('#transcription-body').waitFor();
    },
    drop: (name, content) =>
      page.evaluate(
        ([fileName, base64]) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], fileName));
          const init = {dataTransfer, bubbles: true, cancelable: true};
          document.querySelector('h1')!.dispatchEvent(new DragEvent('drop', init));
        },
        [name, Buffer.from(content).toString('base64')] as const,
      ),
    stateName: () => page.evaluate(() => document.querySelector<LiveTranscript>('#transcript')!.state.name),
  };
}

/** Runs in the page before its own scripts. */
function watchPage(): void {
  const heard: {type: string; phase?: string; text?: string}[] = [];
  for (const type of ['transcript-partial', 'transcript-final', 'transcript-progress']) {
    addEventListener(type, (event) => {
      const {phase, text} = event as Event & {phase?: string; text?: string};
      heard.push({type, ...(phase !== undefined && {phase}), ...(text !== undefined && {text})});
    });
  }
  const sent: {kind?: string; payload?: unknown}[] = [];
  const {prototype} = Worker;
  const post = Reflect.get(prototype, 'postMessage') as (this: Worker, ...parameters: unknown[]) => void;
  prototype.postMessage = function (...parameters: unknown[]) {
    sent.push(parameters[0] as object);
    Reflect.apply(post, this, parameters);
  };
  globalThis.transcriptEvents = heard;
  globalThis.sentToWorkers = sent;
  globalThis.spectrogramDrawings = 0;
  const canvas = CanvasRenderingContext2D.prototype;
  const put = Reflect.get(canvas, 'putImageData') as (this: CanvasRenderingContext2D) => void;
  canvas.putImageData = function (...parameters: unknown[]) {
    globalThis.spectrogramDrawings++;
    Reflect.apply(put, this, parameters);
  };
}
