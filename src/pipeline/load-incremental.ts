import type {Model} from '../engine/engine.ts';
import type {Graph} from '../graph/graph.ts';
import {findBestShift, keepStart} from '../graph/keep-start.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {hopFramesOf} from './hop-frames.ts';
import {IncrementalModel} from './incremental-model.ts';
import type {BuiltNetwork} from './load-keyword-classifier.ts';

/** Less than this share of the multiply-adds is not worth other outputs. */
const LEAST_SAVED_SHARE = 0.5;

/** How windows will follow one another. */
export interface IncrementalRequest {
  /** Milliseconds; the pipeline's default where absent. */
  readonly hopMs?: number | undefined;
}

/** A model, and whether its windows take over what earlier ones computed. */
export interface LoadedIncrementally {
  readonly model: Model;
  readonly info: {
    readonly isOn: boolean;
    readonly savedShare: number; // of a window's multiply-adds, 0…1
    readonly text: string; // why it is on or off, for people to read
  };
}

/**
 * The network so that its windows take over what earlier ones computed, where that saves at least half of the
 * multiply-adds at this hop and the engine runs it; else the model given. Worker or Node.
 * @param model the network as it is, loaded; disposed of where another takes its place, and where loading fails.
 * @param load loads a part of the network into the same engine.
 * @throws whatever `load` throws, but ModelFormatError.
 */
export async function loadIncremental(
  model: Model,
  {graph, system, hopMs}: BuiltNetwork & IncrementalRequest,
  load: (part: Graph) => Promise<Model>,
): Promise<LoadedIncrementally> {
  const {frameCount, mfcc} = system;
  const hopFrames = hopFramesOf(mfcc, hopMs);
  const frameMs = (1000 * mfcc.hopLength) / mfcc.sampleRateHz;
  const {shift, savedShare} = findBestShift(graph, {frameCount, hopFrames});
  const saving = `${(100 * savedShare).toFixed(0)} % of the multiply-adds at a step of ${hopFrames * frameMs} ms`;
  const without = (why: string): LoadedIncrementally => ({
    model,
    info: {isOn: false, savedShare, text: `off: it would save ${saving}, ${why}`},
  });
  if (savedShare < LEAST_SAVED_SHARE) return without('less than half');
  const loaded: Model[] = [];
  try {
    const {whole, continued} = keepStart(graph, {frameCount, shift});
    for (const part of [whole, continued]) loaded.push(await load(part));
  } catch (error) {
    for (const part of loaded) part.dispose();
    if (error instanceof ModelFormatError) return without(`but the engine does not run it: ${error.message}`);
    model.dispose();
    throw error;
  }
  model.dispose();
  const [whole, continued] = loaded as [Model, Model];
  return {
    model: new IncrementalModel({whole, continued, shift}),
    info: {
      isOn: true,
      savedShare,
      text: `on: saves ${saving}, taken from the window ${shift * frameMs} ms before`,
    },
  };
}
