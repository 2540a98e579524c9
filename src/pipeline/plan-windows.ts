import type {WindowPlan} from '../systems/transcription-system.ts';

/** One run of the network over a piece of an utterance. */
export interface PlannedWindow {
  /** Feature frame of the (filled up) utterance at which the window begins. */
  readonly firstFrame: number;
  /** Rows [firstOutput, endOutput) of the window's output are kept. */
  readonly firstOutput: number;
  readonly endOutput: number;
}

/** How a whole utterance is run. */
export interface PlannedUtterance {
  /** Frames that the utterance is filled up to: at least one window, and a multiple of the factor. */
  readonly frameCount: number;
  /** Rows of output that are decoded, of those kept: the frames that fill up have none. */
  readonly outputCount: number;
  /** In order; what they keep, one after the other, are frameCount / subsamplingFactor rows. */
  readonly windows: readonly PlannedWindow[];
}

/**
 * Plans the windows of an utterance. The first keeps all but its right context; the following ones begin one window
 * without contexts later each and keep what lies between their contexts; the last is moved left to end with the
 * utterance and keeps everything that no other has. Arm's evaluation of Wav2Letter (frontends.md, section 1).
 * All windows but the last are those of any longer utterance: see {@link plannedWindow}.
 * Any thread. Throws `RangeError` where the frames are not a whole number, or the plan leaves nothing to keep.
 */
export function planWindows(plan: WindowPlan, frames: number): PlannedUtterance {
  checkPlan(plan);
  if (!Number.isInteger(frames) || frames < 0) {
    throw new RangeError(`frames: got ${frames}, expected a whole number of at least 0`);
  }
  const {windowFrames, subsamplingFactor} = plan;
  const factorCount = Math.ceil(Math.max(frames, windowFrames) / subsamplingFactor);
  const frameCount = factorCount * subsamplingFactor;
  const windows = [plannedWindow(plan, 0)];
  while (plannedWindow(plan, windows.length).firstFrame + windowFrames < frameCount) {
    windows.push(plannedWindow(plan, windows.length));
  }
  const keptOutputs = windows.reduce((sum, {firstOutput, endOutput}) => sum + endOutput - firstOutput, 0);
  const firstFrame = frameCount - windowFrames;
  windows.push({
    firstFrame,
    firstOutput: keptOutputs - firstFrame / subsamplingFactor,
    endOutput: windowFrames / subsamplingFactor,
  });
  return {frameCount, outputCount: Math.floor(frames / subsamplingFactor), windows};
}

/**
 * The window of this index in any utterance that goes on behind it, so that it can be run before the end is known:
 * as soon as there are more than `firstFrame + windowFrames` frames.
 * Any thread.
 */
export function plannedWindow(plan: WindowPlan, index: number): PlannedWindow {
  const {windowFrames, leftContextFrames, rightContextFrames, subsamplingFactor} = plan;
  return {
    firstFrame: index * (windowFrames - leftContextFrames - rightContextFrames),
    firstOutput: index === 0 ? 0 : leftContextFrames / subsamplingFactor,
    endOutput: (windowFrames - rightContextFrames) / subsamplingFactor,
  };
}

function checkPlan(plan: WindowPlan): void {
  const {windowFrames, leftContextFrames, rightContextFrames, subsamplingFactor} = plan;
  const counts = [windowFrames, leftContextFrames, rightContextFrames];
  const areMultiples = counts.every((count) => count >= 0 && Number.isInteger(count / subsamplingFactor));
  if (areMultiples && windowFrames > leftContextFrames + rightContextFrames) return;
  throw new RangeError(
    `window plan: got ${counts.join(' − ')} frames, expected multiples of ${subsamplingFactor} that leave some`,
  );
}
