import {openOnnxFiles, prepareForOnnxFiles} from '../../../src/engine/engines.ts';
import {readImported} from '../../../src/import/imported-network.ts';
import {MANIFEST_FILE} from '../../../src/import/manifest.ts';
import {readManifest} from '../../../src/import/read-manifest.ts';
import type {LoadedTranscriber} from '../../../src/pipeline/load-transcriber.ts';
import {transcribeUtterance} from '../../../src/pipeline/transcribe-utterance.ts';
import {engineAssets} from '../../../workers/engine-assets.ts';
import {largeSystems} from '../large-systems.ts';
import type {SpeechWorkerChoice, SpeechWorkerMessage} from './speech-worker.ts';

let transcriber: LoadedTranscriber | undefined;

self.onmessage = async ({data}: MessageEvent<SpeechWorkerMessage>) => {
  const startMs = performance.now();
  try {
    if (data.kind === 'open') transcriber = await open(data.choice);
    const text = data.kind === 'transcribe' ? await transcribe(data.samples) : '';
    self.postMessage({text, ms: performance.now() - startMs});
  } catch (error) {
    self.postMessage({error: String(error)});
  }
};

/** The files are compared with the manifest, as in the package's worker. */
async function open({runner, modelPath, threadCount}: SpeechWorkerChoice): Promise<LoadedTranscriber> {
  if (runner.kind !== 'earshot') throw new TypeError(`got runner ${runner.kind}, expected earshot`);
  const {system} = largeSystems[runner.systemId];
  const {id, weights} = system.card;
  const manifest = readManifest(await (await fetch(`${modelPath}${MANIFEST_FILE}`)).text());
  prepareForOnnxFiles({assets: engineAssets, threadCount});
  const files = await readImported(manifest, {
    pinned: {id, accepted: weights.accepted},
    allowUnverified: true,
    read: async ({path}) => (await fetch(`${modelPath}${path}`)).blob(),
  });
  const {numerics} = files;
  const model = await openOnnxFiles(files, {numerics, assets: engineAssets, threadCount});
  return {system, model, tokens: system.card, words: undefined};
}

async function transcribe(samples: Float32Array): Promise<string> {
  if (!transcriber) throw new Error('got samples before a network');
  const protocol = {features: 'utterance', decoding: 'greedy'} as const;
  return (await transcribeUtterance(transcriber, samples, protocol)).text;
}
