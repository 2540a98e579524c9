import {NO_EMISSION} from './emission-log.ts';
import {TopRanks} from './top-ranks.ts';

/**
 * The hypotheses of one frame, a place each, in the arrays' order of `top.order`: the best first.
 * Two of these take turns, frame by frame.
 */
export interface BeamSlots {
  /** Which places are taken, by rank: ln of the mass + what the scorer added. */
  readonly top: TopRanks;
  /** [beamWidth] the prefix, a node of the tree. */
  readonly node: Int32Array;
  /** [beamWidth] ln of the mass of all alignments so far that end in a blank, that end in the last token, and of both. */
  readonly logProbBlank: Float64Array;
  readonly logProbNonBlank: Float64Array;
  readonly logProb: Float64Array;
  /** [beamWidth] what the scorer added. */
  readonly fusionScore: Float64Array;
  /** [beamWidth × stateLength] the scorer's states. */
  readonly scorerStates: Int32Array;
  /** [beamWidth] the place a frame ago that it came from, and the token added; −1 where none was. */
  readonly source: Int32Array;
  readonly added: Int32Array;
  /** [beamWidth] place of the prefix one token shorter in the same beam, −1 if it is not there. */
  readonly parentSlot: Int32Array;
  /** [beamWidth] ln of the best single alignment that ends in a blank, and in the last token. */
  readonly viterbiBlank: Float64Array;
  readonly viterbiNonBlank: Float64Array;
  /** [beamWidth] when their tokens were emitted, but for the last token of the latter, whose run is open. */
  readonly emissionBlank: Int32Array;
  readonly emissionNonBlank: Int32Array;
  /** [beamWidth] the open run: its first frame and its sum of ln p. */
  readonly runStart: Int32Array;
  readonly runLogProb: Float64Array;
  /** [beamWidth] entry of the run where it was closed at this frame, else NO_EMISSION. */
  readonly closedRun: Int32Array;
}

/** Makes room for so many hypotheses. */
export function createBeamSlots(beamWidth: number, stateLength: number): BeamSlots {
  const ints = (): Int32Array => new Int32Array(beamWidth);
  const doubles = (): Float64Array => new Float64Array(beamWidth);
  return {
    top: new TopRanks(beamWidth),
    node: ints(),
    logProbBlank: doubles(),
    logProbNonBlank: doubles(),
    logProb: doubles(),
    fusionScore: doubles(),
    scorerStates: new Int32Array(beamWidth * stateLength),
    source: ints(),
    added: ints(),
    parentSlot: ints(),
    viterbiBlank: doubles(),
    viterbiNonBlank: doubles(),
    emissionBlank: ints(),
    emissionNonBlank: ints(),
    runStart: ints(),
    runLogProb: doubles(),
    closedRun: ints().fill(NO_EMISSION),
  };
}

/**
 * Puts the empty prefix, certain, in as the only hypothesis and gives its place; its scorer's state is left to the
 * caller.
 */
export function startBeam(slots: BeamSlots, root: number): number {
  const {top} = slots;
  top.clear();
  top.offered[0] = 0;
  const place = top.claim();
  slots.node[place] = root;
  slots.logProbBlank[place] = 0;
  slots.logProbNonBlank[place] = -Infinity;
  slots.logProb[place] = 0;
  slots.fusionScore[place] = 0;
  slots.parentSlot[place] = -1;
  slots.viterbiBlank[place] = 0;
  slots.viterbiNonBlank[place] = -Infinity;
  slots.emissionBlank[place] = NO_EMISSION;
  slots.emissionNonBlank[place] = NO_EMISSION;
  slots.closedRun[place] = NO_EMISSION;
  return place;
}

/** The newest closed entry of a hypothesis' best alignment. */
export function newestEmission(beam: BeamSlots, slot: number): number {
  const isRunOpen = beam.viterbiNonBlank[slot] > beam.viterbiBlank[slot];
  return isRunOpen ? beam.emissionNonBlank[slot] : beam.emissionBlank[slot];
}
