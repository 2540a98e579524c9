import {Endpointer, type EndpointEvent} from '../decode/endpointer.ts';
import {SpeechGate} from '../decode/speech-gate.ts';
import {applyLogMel, createLogMel, type LogMel} from '../features/log-mel.ts';
import {SPEECH_GATE_LOG_MEL} from '../features/speech-gate-front-end.ts';
import type {AudioPipeline, PipelineStats} from './audio-pipeline.ts';
import {AudioQueue, MAX_CHUNK_SAMPLES, type PlanarAudio} from './audio-queue.ts';
import {DrainLoop} from './drain-loop.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import {SampleHistory} from './sample-history.ts';
import {TaskBreaks} from './task-breaks.ts';
import type {PartialText} from './utterance-text.ts';
import {
  UtteranceTranscriber,
  type TranscribedSpan,
  type UtteranceTranscriberOptions,
} from './utterance-transcriber.ts';

type Endpoint = Extract<EndpointEvent, {kind: 'endpoint'}>;

/** Audio that may wait for inference before the oldest is dropped: a slow start, or a minute's peak of load. */
const BACKLOG_MS = 30_000;
/** How far before its noticing an utterance may begin: pre-roll and the shortest speech, with room. */
const ONSET_MS = 1000;
/** Length at which an utterance is cut where nothing is asked for. */
const DEFAULT_MAX_UTTERANCE_MS = 20_000;

/** What one run needs; times in milliseconds, a default for whatever is absent. */
export interface TranscribePipelineOptions extends Omit<UtteranceTranscriberOptions, 'wantsPartials'> {
  /** Rate of the samples given to `accept`, Hz. */
  readonly inputRateHz: number;
  /** Silence after which an utterance is over. */
  readonly trailingSilenceMs?: number;
  /**
   * Length at which an utterance is cut; default 20 s, or the longest utterance that the system can run where that is
   * shorter.
   */
  readonly maxUtteranceMs?: number;
  /** Milliseconds that only go forward: `performance.now` in a worker. */
  readonly clock: () => number;
}

/** Who is told what the pipeline hears. Called synchronously, in order; must not throw. */
export interface TranscribePipelineObserver {
  onSpeechStart(sample: number): void;
  onSpeechEnd(sample: number): void;
  /** Told when the text has changed; where nobody is, a network whose partials are previews is run for finals only. */
  onPartial?(partial: PartialText, startSample: number): void;
  onFinal(utterance: TranscribedSpan): void;
}

/**
 * From device-rate samples to text: queue → speech gate → endpointer → front end → network → search. Only speech reaches
 * the network; an utterance is written down while it lasts and once more, for good, at its end.
 * A final says less than the stable text of its partials only where an utterance is cut at its longest: the rest begins
 * the next one.
 * Worker or Node. `accept` never waits; `drain` runs one inference at a time. What is told does not depend on how the
 * audio was cut into chunks, as long as none of it is dropped.
 */
export class TranscribePipeline implements AudioPipeline {
  readonly #observer: TranscribePipelineObserver;
  readonly #loop = new DrainLoop(() => this.#step());
  readonly #clock: () => number;
  readonly #breaks: TaskBreaks;
  readonly #sampleMs: number;
  readonly #queue: AudioQueue;
  readonly #logMel: LogMel;
  readonly #gate = new SpeechGate();
  readonly #endpointer: Endpointer;
  readonly #transcriber: UtteranceTranscriber;
  readonly #history: SampleHistory;
  readonly #frame: Float32Array; // [windowLength]
  readonly #hop: Float32Array; // [hopLength] the samples of the frame that no earlier one had
  readonly #bands: Float32Array; // [melCount]
  readonly #hopMs: number; // from one window of the network to the next
  #partialText = '';
  #isBroken = true; // the next frame does not continue the one before
  #nextInputSample = 0;
  #busyMs = 0;

  /** Throws RangeError where `maxUtteranceMs` is more than the system can run, or another option is out of range. */
  constructor(
    transcriber: LoadedTranscriber,
    observer: TranscribePipelineObserver,
    options: TranscribePipelineOptions,
  ) {
    const {inputRateHz, clock, trailingSilenceMs} = options;
    const {sampleRateHz} = transcriber.system;
    const {windowLength, hopLength, melCount} = SPEECH_GATE_LOG_MEL;
    this.#observer = observer;
    this.#clock = clock;
    this.#breaks = new TaskBreaks(clock);
    this.#sampleMs = 1000 / sampleRateHz;
    this.#transcriber = new UtteranceTranscriber(transcriber, {
      ...options,
      wantsPartials: observer.onPartial !== undefined,
    });
    const maxUtteranceMs = chooseMaxUtteranceMs(options, this.#transcriber);
    this.#queue = new AudioQueue({
      inputRateHz,
      modelRateHz: sampleRateHz,
      windowLength,
      hopLength,
      backlogMs: BACKLOG_MS,
      onBreak: () => {
        this.#isBroken = true;
      },
    });
    this.#logMel = createLogMel(SPEECH_GATE_LOG_MEL);
    this.#endpointer = new Endpointer({
      sampleRateHz,
      hopLength,
      windowLength,
      maxUtteranceMs,
      ...(trailingSilenceMs !== undefined && {trailingSilenceMs}),
    });
    // a cut lies in the second half of an utterance
    this.#history = new SampleHistory(Math.round((ONSET_MS + maxUtteranceMs / 2) / this.#sampleMs));
    this.#frame = new Float32Array(windowLength);
    this.#hop = this.#frame.subarray(0, hopLength);
    this.#bands = new Float32Array(melCount);
    this.#hopMs = this.#transcriber.stepSamples * this.#sampleMs;
  }

  get stats(): PipelineStats {
    const processedSamples = Math.max(0, Math.round(this.#queue.frameEndSample));
    const audioMs = processedSamples * this.#sampleMs;
    return {
      processedSamples,
      droppedSamples: this.#queue.droppedSamples,
      overrunSamples: this.#queue.overrunSamples,
      inferenceCount: this.#transcriber.windowCount,
      realTimeFactor: audioMs > 0 ? this.#busyMs / audioMs : 0,
      hopMs: this.#hopMs,
    };
  }

  get levelDb(): number {
    return this.#queue.levelDb;
  }

  get newestSample(): number {
    return this.#queue.newestSample;
  }

  accept(audio: PlanarAudio, firstSample: number): void {
    const startMs = this.#clock();
    this.#queue.accept(audio, firstSample);
    this.#nextInputSample = firstSample + audio.sampleCount;
    this.#busyMs += this.#clock() - startMs;
  }

  async drain(): Promise<void> {
    await this.#loop.drain();
  }

  /**
   * Ends the run: what was said up to now is written down first.
   * @throws whatever the engine throws.
   */
  async stop(): Promise<void> {
    await this.#loop.settled(); // what a drain throws, it tells itself
    if (this.#loop.isStopped) return;
    try {
      await this.#finish();
    } finally {
      await this.#loop.end();
    }
  }

  /** Ends the run at once; what is under way is lost. Resolves when the network is free. */
  async abort(): Promise<void> {
    await this.#loop.end();
  }

  /** One frame from samples to text; false where more audio is needed first. */
  async #step(): Promise<boolean> {
    if (!this.#queue.nextFrameInto(this.#frame)) return false;
    await this.#hear();
    await this.#breaks.giveWay();
    return true;
  }

  async #hear(): Promise<void> {
    const startMs = this.#clock();
    if (this.#isBroken) await this.#beginAnew();
    this.#history.push(this.#hop);
    if (this.#endpointer.isWithinUtterance) this.#transcriber.push(this.#hop);
    applyLogMel(this.#logMel, this.#frame, this.#bands);
    const isOpen = this.#gate.push(this.#bands);
    const event = this.#endpointer.push(isOpen, this.#gate.speechProbability, this.#gate.isSpeech);
    if (event) await this.#act(event);
    if (this.#endpointer.isWithinUtterance && (await this.#search())) this.#tellHeard();
    this.#busyMs += this.#clock() - startMs;
  }

  /** Audio is missing: what was being said has ended there. */
  async #beginAnew(): Promise<void> {
    const ended = this.#endpointer.flush();
    if (ended) await this.#act(ended);
    const {frameEndSample} = this.#queue;
    const frameStart = Math.round(frameEndSample) - this.#frame.length;
    this.#gate.reset();
    this.#endpointer.reset(frameStart);
    this.#history.reset(frameStart);
    this.#isBroken = false;
  }

  async #act(event: EndpointEvent): Promise<void> {
    if (event.kind === 'start') {
      this.#observer.onSpeechStart(Math.max(0, event.startSample));
      this.#begin(event.startSample);
      return;
    }
    if (!event.isContinued) this.#observer.onSpeechEnd(event.endSample);
    await this.#end(event);
    if (event.isContinued) this.#begin(event.endSample); // what was heard since is heard again
  }

  #begin(startSample: number): void {
    this.#partialText = '';
    this.#transcriber.begin(startSample);
    this.#transcriber.push(this.#history.since(startSample));
  }

  async #end({endSample, reason}: Endpoint): Promise<void> {
    this.#transcriber.finish();
    await this.#search();
    if (this.#loop.isStopped) return;
    const final = this.#transcriber.final(endSample, reason === 'max-length' ? endSample : undefined);
    if (final) this.#observer.onFinal(final);
  }

  async #search(): Promise<boolean> {
    return await this.#transcriber.search(() => !this.#loop.isStopped);
  }

  #tellHeard(): void {
    const heardWords = this.#transcriber.heardWords();
    if (heardWords) this.#endpointer.hear(heardWords);
    const partial = this.#transcriber.partial();
    if (partial.text === this.#partialText) return;
    this.#partialText = partial.text;
    this.#observer.onPartial?.(partial, this.#transcriber.startSample);
  }

  /** Hears what waits, with silence behind it that completes the last frame, and ends the utterance under way. */
  async #finish(): Promise<void> {
    for (let missing = this.#queue.flushSamples; missing > 0; missing -= MAX_CHUNK_SAMPLES) {
      const sampleCount = Math.min(missing, MAX_CHUNK_SAMPLES);
      const samples = new Float32Array(sampleCount);
      this.accept({samples, stride: sampleCount, channelCount: 1, sampleCount}, this.#nextInputSample);
    }
    await this.#loop.drain();
    const ended = this.#endpointer.flush();
    if (ended) await this.#act(ended);
  }
}

function chooseMaxUtteranceMs(
  {maxUtteranceMs}: TranscribePipelineOptions,
  {maxUtteranceMs: mostMs, systemId}: UtteranceTranscriber,
): number {
  if (maxUtteranceMs === undefined) return Math.min(DEFAULT_MAX_UTTERANCE_MS, mostMs);
  if (maxUtteranceMs <= mostMs) return maxUtteranceMs;
  throw new RangeError(
    `maxUtteranceMs: got ${String(maxUtteranceMs)}, expected at most ${String(mostMs)}: ${systemId} runs utterances whole`,
  );
}
