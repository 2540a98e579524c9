/**
 * Decodes CTC frame by frame in a process of its own and prints what the garbage collector had to do.
 * Usage: node --expose-gc --import tsx ctc-search.child.ts <kind> <frameCount>; prints one line of JSON.
 */
import {createTokenSpans, ctcGreedyInto} from '../../src/decode/ctc-greedy.ts';
import {CtcPrefixBeam} from '../../src/decode/ctc-prefix-beam.ts';
import {createHotWords} from '../../src/decode/hot-words.ts';
import {logSoftmaxInto} from '../../src/decode/log-softmax.ts';
import {combineScorers} from '../../src/decode/prefix-scorer.ts';
import {countAllocations} from './count-allocations.ts';
import {decodings, goldenAlphabet, goldenScorer} from './ctc-goldens.ts';
import {seededRandom} from './prng.ts';
import {inventLogProbs} from './spoken-log-probs.ts';

/** What is decoded: utterances of 20 s, the same with a view left behind per frame, or one that never ends. */
export type SearchKind = 'utterances' | 'subarray' | 'endless';

const TEXT = 'the quick brown fox jumps over the lazy dog i tell you it is not poison she cried ';
const UTTERANCE_FRAMES = 1000;
const BEAM_WIDTH = 16;

/** One frame of log-softmax, greedy and prefix beam search with words, characters and hot words. */
function createFrame(kind: SearchKind): () => void {
  const {labels, blank: blankId, space: spaceId} = goldenAlphabet('w2l');
  const tokenCount = labels.length;
  const tokens = Array.from(TEXT.repeat(4), (letter) => labels.indexOf(letter));
  const text = {tokens, tokenCount, blankId, frameCount: UTTERANCE_FRAMES};
  const logProbs = inventLogProbs(seededRandom(1), text);
  const rows = Array.from({length: UTTERANCE_FRAMES}, (_, frame) =>
    logProbs.subarray(frame * tokenCount, (frame + 1) * tokenCount),
  );
  const scorer = combineScorers([
    ...['word', 'char'].map((name) =>
      goldenScorer(
        decodings[0]!.lm.find((fusion) => fusion.kind === name)!,
        goldenAlphabet('w2l'),
      ),
    ),
    createHotWords({tokenCount, spaceId, phrases: [{tokens: tokens.slice(4, 15), boost: 2}]}),
  ]);
  const search = new CtcPrefixBeam({tokenCount, blankId, beamWidth: BEAM_WIDTH, scorer});
  const normalised = new Float32Array(tokenCount);
  const spans = createTokenSpans(1);
  const ctc = {tokenCount, blankId};
  let kept = normalised; // so that the planted views are not optimised away
  let frame = 0;
  return () => {
    const row = rows[frame]!;
    logSoftmaxInto(row, tokenCount, normalised);
    ctcGreedyInto(normalised, ctc, spans);
    if (kind === 'subarray') kept = normalised.subarray(0, kept.length);
    search.accept(normalised);
    search.stablePrefixLength();
    frame = (frame + 1) % UTTERANCE_FRAMES;
    if (frame === 0 && kind !== 'endless') search.reset();
  };
}

const [kind = 'utterances', frameCount = '20000'] = process.argv.slice(2);
const report = await countAllocations(createFrame(kind as SearchKind), Number(frameCount));
process.stdout.write(`${JSON.stringify(report)}\n`);
