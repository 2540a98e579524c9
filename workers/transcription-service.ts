import {loadTranscriber, type LoadedTranscriber} from '../src/pipeline/load-transcriber.ts';
import {findCard, type SystemCard} from '../src/models/catalogue.ts';
import type {WantedFile} from '../src/models/file-library.ts';
import {builtInLanguageModel, builtInLexicon, type LanguageModelFile} from '../src/models/language-models.ts';
import {locateBuiltIn} from '../src/models/locate-files.ts';
import {readOwnFile} from '../src/models/read-own-file.ts';
import {selfTest, type SelfTestReport} from '../src/pipeline/self-test.ts';
import {transcribeRecording} from '../src/pipeline/transcribe-recording.ts';
import {TranscribePipeline, type TranscribePipelineObserver} from '../src/pipeline/transcribe-pipeline.ts';
import type {ListeningStats, ProgressFact} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {
  SpeedReply,
  SpeedRequest,
  TranscribeFileRequest,
  TranscribeRequest,
  TranscriberLoadReply,
  TranscriberLoadRequest,
  TranscriptFact,
} from '../src/protocol/transcription-messages.ts';
import {NetworkLoader, type LoadContext} from './network-loader.ts';
import {findPublishedVector} from './published-vector.ts';
import {blocksOf} from './recording-blocks.ts';

/** A page's own language model may be at most this large: some 30 million n-grams. */
const MAX_LANGUAGE_MODEL_BYTES = 256 * 1024 * 1024;

/** Writes down speech for the page: one loaded network, with its language model. Worker. */
export class TranscriptionService {
  #transcriber: LoadedTranscriber | undefined;

  /**
   * Makes a network ready; one that was loaded before is given up.
   * @throws SpeechError and the typed errors of models, formats, decode and engine; an AbortError once the signal
   * aborts.
   */
  async load(request: TranscriberLoadRequest, context: LoadContext): Promise<TranscriberLoadReply> {
    const loader = new NetworkLoader(request, context);
    const {systemId, engine, fullScale} = request;
    const card = findCard(systemId);
    const files = filesBeside(card, request);
    await loader.plan(card, Object.values(files));
    const transcriber = await loadTranscriber(systemId, {
      weightsFor: (card) => loader.readWeights(card),
      modelFor: (graph, {card}) => loader.loadModel(graph, card, engine),
      modelOf: (system) => loader.openImported(system, engine),
      fullScale,
      languageModel: await readLanguageModel(request, files, loader),
      ...(files.lexicon && {lexicon: loader.readFile.bind(loader, files.lexicon)}),
    });
    const tested = await testOrDispose(transcriber, loader.weights.sha256, request.vectors);
    this.#transcriber?.model.dispose();
    this.#transcriber = transcriber;
    const {system, model, words} = transcriber;
    return {
      ...loader.describe(system.card, system.sampleRateHz, model),
      languageModelWords: words?.model.wordCount ?? 0,
      leftOutWords: words?.leftOutWords ?? 0,
      ...(tested && {selfTest: tested}),
    };
  }

  /**
   * Expects how fast a network would be, which is not loaded for good. Its code is fetched when somebody asks.
   * @throws as `load`.
   */
  async estimateSpeed(request: SpeedRequest, context: LoadContext): Promise<SpeedReply> {
    const {estimateSpeed} = await import('./estimate-speed.ts');
    return await estimateSpeed(request, context);
  }

  /** A pipeline for one run. */
  listen(
    {sampleRateHz, transcription}: TranscribeRequest,
    post: (fact: TranscriptFact) => void,
  ): TranscribePipeline {
    const clock = (): number => performance.now();
    const options = {...transcription, inputRateHz: sampleRateHz, clock};
    return new TranscribePipeline(this.#loaded, observerOf(post), options);
  }

  /**
   * Reads a recording to its end.
   * @throws AudioFormatError where it cannot be read, RecordingTooLongError where it is too long for one utterance; the
   * signal's reason once it aborts.
   */
  async read(
    {audio, segmentation, transcription}: TranscribeFileRequest,
    post: (fact: TranscriptFact | ProgressFact) => void,
    signal: AbortSignal,
  ): Promise<ListeningStats> {
    const onProgress = (loadedBytes: number, totalBytes: number): void => {
      post({kind: 'progress', phase: 'transcribe', loadedBytes, totalBytes});
    };
    const clock = (): number => performance.now();
    const options = {...transcription, segmentation, clock, signal};
    const blocks = blocksOf(audio, {signal, onProgress});
    return await transcribeRecording(this.#loaded, blocks, observerOf(post), options);
  }

  get #loaded(): LoadedTranscriber {
    if (this.#transcriber) return this.#transcriber;
    throw new SpeechError('internal', 'got no transcriber, expected load-transcriber first');
  }
}

/** Files of Earshot's that are read beside a network's. */
interface FilesBeside {
  readonly languageModel?: WantedFile;
  readonly lexicon?: WantedFile;
}

/** Which a load needs: words are made of phones where there is a language model, and then by a lexicon. */
function filesBeside(card: SystemCard, request: TranscriberLoadRequest): FilesBeside {
  const {languageModel} = request;
  const wanted = (file: LanguageModelFile): WantedFile => ({
    file: locateBuiltIn(file, request),
    modelId: file.id,
  });
  const hasPhones = card.task === 'transcription' && card.phones !== undefined;
  return {
    ...(languageModel === 'built-in' && {languageModel: wanted(builtInLanguageModel)}),
    ...(languageModel !== undefined && hasPhones && {lexicon: wanted(builtInLexicon)}),
  };
}

/** The page's own language model, or Earshot's. Throws as `readFile` of the loader and `readOwnFile`. */
async function readLanguageModel(
  {languageModel: own}: TranscriberLoadRequest,
  {languageModel}: FilesBeside,
  loader: NetworkLoader,
): Promise<Uint8Array | undefined> {
  if (languageModel) return await loader.readFile(languageModel);
  return own instanceof Blob ? await readOwnFile(own, MAX_LANGUAGE_MODEL_BYTES) : undefined;
}

/**
 * Tests the network on the vector that is published for its file, where the page gave it.
 * @throws SpeechError `engine-unavailable` where the network gives something else; the model is then disposed of.
 */
async function testOrDispose(
  {system: {card}, model}: LoadedTranscriber,
  sha256: string,
  files: readonly Blob[] = [],
): Promise<SelfTestReport | undefined> {
  try {
    const tested = await selfTest({card, model, sha256}, (published) =>
      findPublishedVector(published, files),
    );
    if (!tested || 'notRun' in tested || tested.isPassed) return tested;
    const {sameBestShare} = tested;
    throw new SpeechError(
      'engine-unavailable',
      `self-test: got the published best token in ${(100 * sameBestShare).toFixed(0)} % of the rows, expected it in nearly all`,
    );
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What the pipeline hears, as facts. */
function observerOf(post: (fact: TranscriptFact) => void): TranscribePipelineObserver {
  return {
    onSpeechStart: (sample) => {
      post({kind: 'speech-start', sample});
    },
    onSpeechEnd: (sample) => {
      post({kind: 'speech-end', sample});
    },
    onPartial: (partial, startSample) => {
      post({kind: 'partial', ...partial, startSample});
    },
    onFinal: (utterance) => {
      post({kind: 'final', ...utterance});
    },
  };
}
