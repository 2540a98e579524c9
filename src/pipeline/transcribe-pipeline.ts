import {Endpointer, type EndpointEvent} from '../decode/endpointer.ts';
import {SpeechGate} from '../decode/speech-gate.ts';
import {applyLogMel, createLogMel, type LogMel} from '../features/log-mel.ts';
import {SPEECH_GATE_LOG_MEL} from '../features/speech-gate-front-end.ts';
import type {AudioPipeline, PipelineStats} from './audio-pipeline.ts';
import {AudioQueue, type PlanarAudio} from './audio-queue.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import {SampleHistory} from './sample-history.ts';
import {UtteranceDecoder, type PartialText, type UtteranceDecoderOptions} from './utterance-decoder.ts';
import {UtteranceNetwork} from './utterance-network.ts';

type Endpoint = Extract<EndpointEvent, {kind: 'endpoint'}>;

/** Audio that may wait for inference before the oldest is dropped: a slow start, or a minute's peak of load. */
const BACKLOG_MS = 30_000;
/** How far before its noticing an utterance may begin: pre-roll and the shortest speech, with room. */
const ONSET_MS = 1000;
/** Length at which an utterance is cut where nothing is asked for. */
const DEFAULT_MAX_UTTERANCE_MS = 20_000;

/** What one run needs; times in milliseconds, a default for whatever is absent. */
export interface TranscribePipelineOptions extends UtteranceDecoderOptions {
  /** Rate of the samples given to `accept`, Hz. */
  readonly inputRateHz: number;
  /** Silence after which an utterance is over. */
  readonly trailingSilenceMs?: number;
  /** Length at which an utterance is cut. */
  readonly maxUtteranceMs?: number;
  /** Milliseconds that only go forward: `performance.now` in a worker. */
  readonly clock: () => number;
}

/** One word; sample indices at the system's rate, on the timeline of the input. */
export interface WordSpan {
  readonly text: string;
  readonly startSample: number;
  readonly endSample: number;
  readonly confidence: number; // 0…1
}

/** Who is told what the pipeline hears. Called synchronously, in order; must not throw. */
export interface TranscribePipelineObserver {
  onSpeechStart(sample: number): void;
  onSpeechEnd(sample: number): void;
  /** Told when the text has changed. */
  onPartial(partial: PartialText, startSample: number): void;
  onFinal(utterance: TranscribedSpan): void;
}

/** An utterance for good; sample indices at the system's rate, on the timeline of the input. */
export interface TranscribedSpan {
  readonly text: string;
  readonly words: readonly WordSpan[];
  readonly confidence: number;
  readonly startSample: number;
  readonly endSample: number;
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
  readonly #clock: () => number;
  readonly #sampleMs: number;
  readonly #queue: AudioQueue;
  readonly #logMel: LogMel;
  readonly #gate = new SpeechGate();
  readonly #endpointer: Endpointer;
  readonly #network: UtteranceNetwork;
  readonly #decoder: UtteranceDecoder;
  readonly #history: SampleHistory;
  readonly #frame: Float32Array; // [windowLength]
  readonly #hop: Float32Array; // [hopLength] the samples of the frame that no earlier one had
  readonly #bands: Float32Array; // [melCount]
  readonly #tokenCount: number;
  readonly #hopMs: number; // from one window of the network to the next
  #utteranceStart = 0; // sample index
  #heard: Float32Array[] = []; // log-probabilities of the utterance, in case it is cut
  #partialText = '';
  #isBroken = true; // the next frame does not continue the one before
  #draining: Promise<void> | undefined;
  #hasNewAudio = false;
  #isStopped = false;
  #nextInputSample = 0;
  #busyMs = 0;
  #inferenceCount = 0;

  constructor(
    {system, model, words}: LoadedTranscriber,
    observer: TranscribePipelineObserver,
    options: TranscribePipelineOptions,
  ) {
    const {inputRateHz, clock, trailingSilenceMs, maxUtteranceMs = DEFAULT_MAX_UTTERANCE_MS} = options;
    const {sampleRateHz, windowPlan} = system;
    const {windowLength, hopLength, melCount} = SPEECH_GATE_LOG_MEL;
    this.#observer = observer;
    this.#clock = clock;
    this.#sampleMs = 1000 / sampleRateHz;
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
    this.#tokenCount = system.card.labels.length;
    this.#network = new UtteranceNetwork(system, model, 'streaming');
    this.#decoder = new UtteranceDecoder(system.card, words, options);
    // a cut lies in the second half of an utterance
    this.#history = new SampleHistory(Math.round((ONSET_MS + maxUtteranceMs / 2) / this.#sampleMs));
    this.#frame = new Float32Array(windowLength);
    this.#hop = this.#frame.subarray(0, hopLength);
    this.#bands = new Float32Array(melCount);
    const {windowFrames, leftContextFrames, rightContextFrames, subsamplingFactor} = windowPlan;
    const stepFrames = windowFrames - leftContextFrames - rightContextFrames;
    this.#hopMs = (stepFrames / subsamplingFactor) * this.#network.frameSamples * this.#sampleMs;
  }

  get stats(): PipelineStats {
    const processedSamples = Math.max(0, Math.round(this.#queue.frameEndSample));
    const audioMs = processedSamples * this.#sampleMs;
    return {
      processedSamples,
      droppedSamples: this.#queue.droppedSamples,
      overrunSamples: this.#queue.overrunSamples,
      inferenceCount: this.#inferenceCount,
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
    this.#hasNewAudio = true;
    if (this.#draining) return;
    this.#draining = this.#hearAll();
    try {
      await this.#draining;
    } catch (error) {
      this.#isStopped = true;
      throw error;
    } finally {
      this.#draining = undefined;
    }
  }

  /**
   * Ends the run: what was said up to now is written down first.
   * @throws whatever the engine throws.
   */
  async stop(): Promise<void> {
    await this.#draining?.catch(() => undefined); // told by `drain`
    if (this.#isStopped) return;
    try {
      await this.#finish();
    } finally {
      this.#isStopped = true;
    }
  }

  /** Ends the run at once; what is under way is lost. Resolves when the network is free. */
  async abort(): Promise<void> {
    this.#isStopped = true;
    await this.#draining?.catch(() => undefined); // told by `drain`
  }

  async #hearAll(): Promise<void> {
    while (this.#hasNewAudio) {
      this.#hasNewAudio = false; // set again by audio that comes while the last frame is found incomplete
      while (!this.#isStopped && this.#queue.nextFrameInto(this.#frame)) await this.#hear();
    }
  }

  /** One frame from samples to text. */
  async #hear(): Promise<void> {
    const startMs = this.#clock();
    if (this.#isBroken) await this.#beginAnew();
    this.#history.push(this.#hop);
    if (this.#endpointer.isWithinUtterance) this.#network.push(this.#hop);
    applyLogMel(this.#logMel, this.#frame, this.#bands);
    const isOpen = this.#gate.push(this.#bands);
    const event = this.#endpointer.push(isOpen, this.#gate.speechProbability);
    if (event) await this.#act(event);
    if (this.#endpointer.isWithinUtterance && (await this.#search())) this.#tellPartial();
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
    this.#utteranceStart = startSample;
    this.#partialText = '';
    this.#heard = [];
    this.#network.begin();
    this.#decoder.reset();
    this.#network.push(this.#history.since(startSample));
  }

  async #end({endSample, reason}: Endpoint): Promise<void> {
    this.#network.finish();
    await this.#search();
    if (this.#isStopped) return;
    if (reason === 'max-length') this.#searchUntil(endSample);
    const {text, words, confidence} = this.#decoder.final();
    if (text === '') return; // what sounded like speech was none
    const startSample = Math.max(0, this.#utteranceStart);
    const spans = words.map(({startFrame, endFrame, ...word}) => ({
      ...word,
      startSample: this.#sampleOf(startFrame),
      endSample: this.#sampleOf(endFrame),
    }));
    this.#observer.onFinal({text, words: spans, confidence, startSample, endSample});
  }

  /** Runs the windows that are complete; false where there were none. */
  async #search(): Promise<boolean> {
    for (let hasSearched = false; ; hasSearched = true) {
      const logProbs = await this.#network.nextLogProbs();
      if (!logProbs || this.#isStopped) return hasSearched;
      this.#decoder.accept(logProbs);
      this.#heard.push(logProbs.slice());
      this.#inferenceCount++;
    }
  }

  /** Searches once more, only as far as the utterance goes now that it is cut. */
  #searchUntil(endSample: number): void {
    const frameCount = Math.max(
      0,
      Math.round((endSample - this.#utteranceStart) / this.#network.frameSamples),
    );
    let valuesLeft = frameCount * this.#tokenCount;
    this.#decoder.reset();
    for (const logProbs of this.#heard) {
      this.#decoder.accept(logProbs.subarray(0, valuesLeft));
      valuesLeft = Math.max(0, valuesLeft - logProbs.length);
    }
  }

  #tellPartial(): void {
    const partial = this.#decoder.partial();
    if (partial.text === this.#partialText) return;
    this.#partialText = partial.text;
    this.#observer.onPartial(partial, Math.max(0, this.#utteranceStart));
  }

  /** Hears what waits, with silence behind it that completes the last frame, and ends the utterance under way. */
  async #finish(): Promise<void> {
    const sampleCount = this.#queue.flushSamples;
    const silence = {
      samples: new Float32Array(sampleCount),
      stride: sampleCount,
      channelCount: 1,
      sampleCount,
    };
    this.accept(silence, this.#nextInputSample);
    await this.#hearAll();
    const ended = this.#endpointer.flush();
    if (ended) await this.#act(ended);
  }

  #sampleOf(frame: number): number {
    return Math.max(0, this.#utteranceStart + frame * this.#network.frameSamples);
  }
}
