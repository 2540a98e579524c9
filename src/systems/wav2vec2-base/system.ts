import type {WholeUtterancePlan, WholeUtteranceSystem} from '../transcription-system.ts';
import {card} from './card.ts';
import {Wav2Vec2FrontEnd} from './front-end.ts';
import {readWav2Vec2} from './layout.ts';
import {buildWav2Vec2} from './network.ts';

const SAMPLE_RATE_HZ = 16_000;

/** Samples of an output: the product of all strides. */
const STEP_SAMPLES = 320;

/**
 * Rows are samples. Utterances of up to 36 s are run whole: the longest of LibriSpeech's test-clean, on which the published
 * figure was measured, has 35. What is computed on the way takes 7 MB a second for one tensor behind the first
 * convolution, and 155 MB for one layer's attention over 1,799 steps, which grows with the square.
 *
 * Partials are made of windows of 6 s, of which 1 s is thrown away at each cut edge. The transformer is told of places
 * by a convolution that reaches 64 steps (1.28 s) to both sides; what is kept sees speech on most of that. A shorter
 * window would have fewer words to attend to, a longer one would cost more than it need: 6 s of computing for every 4 s
 * of text, and the whole utterance once more at its end, are 2.5 times the network's real-time factor, so that one of
 * up to 0.4 keeps up with speech.
 */
const wholeUtterancePlan: WholeUtterancePlan = {
  receptiveFrames: 400,
  subsamplingFactor: STEP_SAMPLES,
  maxFrames: 36 * SAMPLE_RATE_HZ,
  partial: {windowFrames: 6 * SAMPLE_RATE_HZ, contextFrames: SAMPLE_RATE_HZ},
};

/** The wav2vec 2.0 base network, fine-tuned for letters: each utterance is run whole. Any thread. */
export const system: WholeUtteranceSystem = {
  kind: 'whole-utterance',
  card,
  sampleRateHz: SAMPLE_RATE_HZ,
  wholeUtterancePlan,
  output: 'logits',
  precisions: ['int8', 'float32'],
  createFrontEnd: () => new Wav2Vec2FrontEnd(),
  buildGraph: (checkpoint) => buildWav2Vec2(readWav2Vec2(checkpoint)),
};
