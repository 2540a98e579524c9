import type {PlanarAudio} from './audio-queue.ts';

/** Counters since a run began; sample counts at the model's rate unless said otherwise. */
export interface PipelineStats {
  readonly processedSamples: number; // index after the newest audio heard, what was dropped before it included
  readonly droppedSamples: number;
  readonly overrunSamples: number; // device rate
  readonly inferenceCount: number;
  readonly realTimeFactor: number;
  readonly hopMs: number; // in force: longer than asked for while late
}

/** Takes audio as it is captured and tells an observer what it hears. Worker or Node. */
export interface AudioPipeline {
  /** Counters up to now. */
  readonly stats: PipelineStats;
  /** Loudness of the newest chunk, dB relative to full scale. */
  readonly levelDb: number;
  /** Model-rate index after the newest accepted sample. */
  readonly newestSample: number;
  /**
   * Takes one chunk; never waits.
   * @param firstSample input-rate index of its first sample.
   * @throws RangeError where the chunk is longer than MAX_CHUNK_SAMPLES.
   */
  accept(audio: PlanarAudio, firstSample: number): void;
  /**
   * Runs inferences until more audio is needed; at once where another drain is under way, which then does this one's
   * work.
   * @throws whatever the engine throws; the pipeline is then stopped.
   */
  drain(): Promise<void>;
  /**
   * Ends the run. Resolves when nothing more will be told, and the network is free.
   * @throws whatever the engine throws where something is still to be heard.
   */
  stop(): Promise<void>;
}
