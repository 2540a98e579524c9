import type {BeamSlots} from './beam-slots.ts';
import type {ScoredSpans} from './ctc-words.ts';
import {NO_EMISSION, type EmissionLog} from './emission-log.ts';
import type {PrefixTrie} from './prefix-trie.ts';
import type {StablePrefix} from './stable-prefix.ts';

/** One of the prefixes that a beam search keeps, with the times of its tokens in its best single alignment. */
export interface CtcHypothesis extends ScoredSpans {
  /** ln of the mass of the alignments kept that end in a blank, that end in the last token, and of both. */
  readonly logProbBlank: number;
  readonly logProbNonBlank: number;
  readonly logProb: number;
  /** What the scorer added. */
  readonly fusionScore: number;
  /** logProb + fusionScore. */
  readonly score: number;
}

/** Where a search keeps its hypotheses. */
export interface BeamState {
  readonly beam: BeamSlots;
  readonly trie: PrefixTrie;
  readonly log: EmissionLog;
  readonly stable: StablePrefix;
  readonly frameCount: number;
}

/** Reads a hypothesis out of the beam: its tokens from index `from` on. Allocates its result. */
export function readHypothesis(state: BeamState, slot: number, from: number): CtcHypothesis {
  const {beam, trie, stable} = state;
  let pendingCount = 0;
  for (let node = beam.node[slot]; node !== trie.root; node = trie.parent[node]) pendingCount++;
  const count = Math.max(0, stable.count + pendingCount - from);
  const spans = {
    tokens: new Int32Array(count),
    startFrames: new Int32Array(count),
    endFrames: new Int32Array(count),
    tokenLogProbs: new Float64Array(count),
  };
  stable.copyInto(spans, from);
  copyPending(state, slot, spans);
  return {
    ...spans,
    logProbBlank: beam.logProbBlank[slot],
    logProbNonBlank: beam.logProbNonBlank[slot],
    logProb: beam.logProb[slot],
    fusionScore: beam.fusionScore[slot],
    score: beam.logProb[slot] + beam.fusionScore[slot],
  };
}

/** Writes what is not stable yet, from the end backwards, as far as `spans` reaches. */
function copyPending({beam, trie, log, frameCount}: BeamState, slot: number, spans: ScoredSpans): void {
  const isRunOpen = beam.viterbiNonBlank[slot] > beam.viterbiBlank[slot];
  let entry = isRunOpen ? beam.emissionNonBlank[slot] : beam.emissionBlank[slot];
  let place = spans.tokens.length - 1;
  let node = beam.node[slot];
  if (isRunOpen && place >= 0) {
    spans.tokens[place] = trie.token[node];
    spans.startFrames[place] = beam.runStart[slot];
    spans.endFrames[place] = frameCount;
    spans.tokenLogProbs[place] = beam.runLogProb[slot] / (frameCount - beam.runStart[slot]);
    node = trie.parent[node];
    place--;
  }
  for (; place >= 0 && entry !== NO_EMISSION; place--) {
    spans.tokens[place] = trie.token[node];
    spans.startFrames[place] = log.startFrame[entry];
    spans.endFrames[place] = log.endFrame[entry];
    spans.tokenLogProbs[place] = log.logProb[entry];
    entry = log.previous[entry];
    node = trie.parent[node];
  }
}
