import type {Row} from '../measurement.ts';
import {pairedRow} from './paired-row.ts';
import type {SpeechWorkerChoice} from './page/speech-worker.ts';
import {earshotChoice, titleOf, transformersChoice, type LargeCase} from './speech-choices.ts';
import {openSpeechPage} from './speech-page.ts';

/** Every start has a browser of its own, so there are fewer rounds. */
const MOST_ROUNDS = 5;
const AUDIO_SECONDS = 10;
const SHORTER_SECONDS = 5;

interface Start {
  readonly readyMs: number;
  /** Until the text of the first audio is there. */
  readonly textMs: number;
  /** The most memory that the page's process had until then. */
  readonly peakBytes: number;
}

/** How long loading takes, and the first text, in a browser just started; and the most memory that takes. */
export async function measureStarts(one: LargeCase, rounds: number): Promise<readonly Row[]> {
  const choice = await earshotChoice(one);
  const peer = await transformersChoice(one);
  const ours: Start[] = [];
  const peers: Start[] = [];
  await start(choice); // the machine's file cache is cold
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
    ours.push(await start(choice));
    if (peer) peers.push(await start(peer));
  }
  const row = (what: string, unit: string, valueOf: (start: Start) => number): Row =>
    pairedRow({name: `${titleOf(one)}: ${what}`, unit, ours: ours.map(valueOf), peers: peers.map(valueOf)});
  return [
    row('from the worker until the network is ready', 'ms', ({readyMs}) => readyMs),
    row(`until the first text, of ${AUDIO_SECONDS} s`, 'ms', ({textMs}) => textMs),
    {
      ...row('peak memory of the renderer', 'MB', ({peakBytes}) => peakBytes / 1e6),
      note: 'until then; 100 MB of it are the browser’s compiler, which optimises what runs first, just then',
    },
    pairedRow({
      name: `${titleOf(one)}: peak memory where ${SHORTER_SECONDS} s came before`,
      unit: 'MB',
      ours: [await peakAfterShorter(choice)],
      peers: peer ? [await peakAfterShorter(peer)] : [],
    }),
  ];
}

/** The most memory, MB, where something short is heard first, as a microphone's previews are. */
async function peakAfterShorter(choice: SpeechWorkerChoice): Promise<number> {
  const page = await openSpeechPage();
  try {
    await page.open('one', choice);
    for (const seconds of [SHORTER_SECONDS, AUDIO_SECONDS]) await page.transcribe('one', seconds);
    return (await page.peakBytes()) / 1e6;
  } finally {
    await page.close();
  }
}

async function start(choice: SpeechWorkerChoice): Promise<Start> {
  const page = await openSpeechPage();
  try {
    const startMs = performance.now();
    const readyMs = await page.open('one', choice);
    await page.transcribe('one', AUDIO_SECONDS);
    return {readyMs, textMs: performance.now() - startMs, peakBytes: await page.peakBytes()};
  } finally {
    await page.close();
  }
}
