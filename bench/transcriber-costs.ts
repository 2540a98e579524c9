/**
 * Prints what each transcriber costs a page, as the cards say it (`costs`): bytes of its file and of the network that a
 * checkpoint becomes, and the most memory that the page's process has while it loads the file, imports it where it is a
 * checkpoint, and writes down 10 s of speech; without a transcriber too. Files that are not part of this project are made
 * at their published sizes with seeded weights. In a browser of its own for each.
 * Usage: npx vite build --mode package && npx tsx bench/transcriber-costs.ts [system …]
 */
import {mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {transcriptionSystems} from '../src/session/transcription-cards.ts';
import {findTranscriptionSystem} from '../src/systems/transcription-systems.ts';
import {readMono} from '../test/support/recordings.ts';
import {peakBytes} from '../test/support/renderer-memory.ts';
import {repositoryPath} from '../test/support/repository.ts';
import {sharedPath} from '../test/support/shared.ts';
import {openSpotterPage} from '../test/support/spotter-page.ts';
import {seededWav2Letter} from '../test/support/wav2letter-tflite.ts';
import {openLargeModel} from './large/large-models.ts';
import type {LargeSystemId} from './large/large-systems.ts';

const RATE_HZ = 16_000;
const SPEECH_SECONDS = 10;

interface Cost {
  readonly file: string | undefined;
  readonly importedBytes?: number;
}

/** The file to give the page, where it needs one. */
async function costOf(systemId: string): Promise<Cost> {
  const system = await findTranscriptionSystem(systemId);
  if (system.kind === 'windowed') {
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

async function measurePeak(systemId: string | undefined, files: readonly string[]): Promise<number> {
  const opened = await openSpotterPage();
  const {chromium} = opened;
  try {
    const {page} = chromium;
    page.setDefaultTimeout(0);
    await page.evaluate(() => {
      document.body.innerHTML = '<input type="file" multiple>';
    });
    await page.setInputFiles('input', files);
    if (systemId === undefined) return await peakBytes(chromium);
    await page.evaluate(async (systemId) => {
      const [speech, weights] = document.querySelector('input')?.files ?? [];
      if (!speech) throw new Error('got no file, expected speech');
      const options = weights ? {weights, allowUnverified: true} : {};
      const transcriber = await globalThis.earshot.Transcriber.load(systemId, options);
      await transcriber.transcribe(speech);
    }, systemId);
    return await peakBytes(chromium);
  } finally {
    await opened.close();
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'earshot-costs-'));
const asked = process.argv.slice(2);
const speech = findSpeech();
const print = (name: string, terms: Readonly<Record<string, number | undefined>>): void => {
  const texts = Object.entries(terms).map(([term, bytes]) =>
    bytes === undefined ? '' : `, ${term} ${bytes}`,
  );
  console.log(`${name}${texts.join('')}`);
};
print('bytes: a page without a transcriber', {'peak memory': await measurePeak(undefined, [speech])});
for (const {id, weights} of transcriptionSystems) {
  if (asked.length > 0 && !asked.includes(id)) continue;
  const {file, importedBytes} = await costOf(id);
  print(id, {
    file: file === undefined ? weights.accepted[0]?.bytes : statSync(file).size,
    imported: importedBytes,
    'peak memory': await measurePeak(id, file === undefined ? [speech] : [speech, file]),
  });
}
rmSync(temporary, {recursive: true});
