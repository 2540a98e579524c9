/**
 * Prints what each transcriber costs a page, as the cards say it (`costs`): bytes of its file and of the network that a
 * checkpoint becomes, and the most memory that the page's process has while it loads the file, imports it where it is a
 * checkpoint, and writes down 10 s of speech; without a transcriber too. And the real-time factor that a page is told to
 * expect beside that of a recording in processor time, since other programs may take turns with it; by turns in the same page, the
 * lowest of three each. Files that are not part of this project
 * are made at their published sizes with seeded weights. In a browser of its own for each.
 * Usage: npx vite build --mode package && npx tsx bench/transcriber-costs.ts [system …]
 */
import {mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {transcriptionSystems} from '../src/session/transcription-cards.ts';
import {findTranscriptionSystem} from '../src/systems/transcription-systems.ts';
import {isImported} from '../src/systems/transcription-system.ts';
import {readMono} from '../test/support/recordings.ts';
import {peakBytes, processorSeconds} from '../test/support/renderer-memory.ts';
import {repositoryPath} from '../test/support/repository.ts';
import {sharedPath} from '../test/support/shared.ts';
import {openSpotterPage} from '../test/support/spotter-page.ts';
import {seededWav2Letter} from '../test/support/wav2letter-tflite.ts';
import {openLargeModel} from './large/large-models.ts';
import type {LargeSystemId} from './large/large-systems.ts';

const RATE_HZ = 16_000;
const SPEECH_SECONDS = 10;

/** Rounds of timing. */
const ROUNDS = 3;

declare global {
  // what the page does in each round
  var estimateSpeedHere: () => Promise<number>;
  var transcribeSpeechFile: () => Promise<unknown>;
}

interface Cost {
  readonly file: string | undefined;
  readonly importedBytes?: number;
}

/** The file to give the page, where it needs one. */
async function costOf(systemId: string): Promise<Cost> {
  const system = await findTranscriptionSystem(systemId);
  if (!isImported(system)) {
    return {file: system.card.weights.builtInPath === undefined ? writeWav2Letter() : undefined};
  }
  const folder = repositoryPath(await openLargeModel(systemId as LargeSystemId, 'int8'));
  const networkFiles = readdirSync(folder).filter((name) => name.startsWith('model.onnx'));
  const importedBytes = networkFiles.reduce((sum, name) => sum + statSync(`${folder}/${name}`).size, 0);
  return {file: folder.replace(/-int8$/, '.safetensors'), importedBytes};
}

function writeWav2Letter(): string {
  const path = join(temporary, 'wav2letter.tflite');
  writeFileSync(path, seededWav2Letter());
  return path;
}

/** A recording of speech, as long as asked for to within half a second. */
function findSpeech(): string {
  const folder = sharedPath('audio/librispeech-other-dev');
  const found = readdirSync(folder).find((name) => {
    if (!name.endsWith('.flac')) return false;
    return Math.abs(readMono(`${folder}/${name}`).length / RATE_HZ - SPEECH_SECONDS) < 0.5;
  });
  if (found === undefined) throw new Error(`got no recording of ${SPEECH_SECONDS} s in ${folder}`);
  return `${folder}/${found}`;
}

/** What a page with a transcriber had to give for it. */
interface Measured {
  readonly peakMemory: number;
  readonly expectedFactor?: number;
  readonly measuredFactor?: number;
}

async function measurePage(systemId: string | undefined, files: readonly string[]): Promise<Measured> {
  const opened = await openSpotterPage();
  const {chromium} = opened;
  try {
    const {page} = chromium;
    page.setDefaultTimeout(0);
    await page.evaluate(() => {
      document.body.innerHTML = '<input type="file" multiple>';
    });
    await page.setInputFiles('input', files);
    if (systemId === undefined) return {peakMemory: await peakBytes(chromium)};
    await page.evaluate(async (systemId) => {
      const [speech, weights] = document.querySelector('input')?.files ?? [];
      if (!speech) throw new Error('got no file, expected speech');
      const {Transcriber} = globalThis.earshot;
      const options = weights ? {weights, allowUnverified: true} : {};
      const transcriber = await Transcriber.load(systemId, options);
      await transcriber.transcribe(speech);
      globalThis.estimateSpeedHere = () => Transcriber.estimateRealTimeFactor(systemId, options);
      globalThis.transcribeSpeechFile = () => transcriber.transcribe(speech);
    }, systemId);
    const peakMemory = await peakBytes(chromium);
    let [expectedFactor, measuredFactor] = [Infinity, Infinity];
    for (let round = 0; round < ROUNDS; round++) {
      expectedFactor = Math.min(expectedFactor, await page.evaluate(() => globalThis.estimateSpeedHere()));
      const before = await processorSeconds(chromium);
      await page.evaluate(() => globalThis.transcribeSpeechFile());
      const seconds = (await processorSeconds(chromium)) - before;
      measuredFactor = Math.min(measuredFactor, seconds / SPEECH_SECONDS);
    }
    return {peakMemory, expectedFactor, measuredFactor};
  } finally {
    await opened.close();
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'earshot-costs-'));
const asked = process.argv.slice(2);
const speech = findSpeech();
const print = (name: string, terms: Readonly<Record<string, string | number | undefined>>): void => {
  const known = Object.entries(terms).filter(([, value]) => value !== undefined);
  console.log([name, ...known.map(([term, value]) => `${term} ${String(value)}`)].join(', '));
};
const nothing = await measurePage(undefined, [speech]);
print('bytes: a page without a transcriber', {'peak memory': nothing.peakMemory});
for (const {id, weights} of transcriptionSystems) {
  if (asked.length > 0 && !asked.includes(id)) continue;
  const {file, importedBytes} = await costOf(id);
  const measured = await measurePage(id, file === undefined ? [speech] : [speech, file]);
  print(id, {
    file: file === undefined ? weights.accepted[0]?.bytes : statSync(file).size,
    imported: importedBytes,
    'peak memory': measured.peakMemory,
    'expected real-time factor': measured.expectedFactor?.toFixed(3),
    measured: measured.measuredFactor?.toFixed(3),
  });
}
rmSync(temporary, {recursive: true});
