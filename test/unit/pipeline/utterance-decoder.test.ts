import {describe, expect, it} from 'vitest';
import {UtteranceDecoder} from '../../../src/pipeline/utterance-decoder.ts';
import {FAKE_LABELS, fakeTranscriptionSystem} from '../../support/fake-transcription-system.ts';
import {seededRandom} from '../../support/prng.ts';

const {card} = fakeTranscriptionSystem;

/** Log-probabilities of a network that is sure of one token a frame. */
function spell(tokens: string): Float32Array {
  const logProbs = new Float32Array(tokens.length * FAKE_LABELS.length).fill(Math.log(0.001));
  Array.from(tokens).forEach((token, frame) => {
    const id = token === '_' ? card.blankId : FAKE_LABELS.indexOf(token);
    logProbs[frame * FAKE_LABELS.length + id] = Math.log(0.997);
  });
  return logProbs;
}

describe('an utterance', () => {
  it('becomes words with their frames and confidence', () => {
    const decoder = new UtteranceDecoder(card);
    decoder.accept(spell('_aab_ _ba_'));
    const {text, words, confidence} = decoder.final();
    expect(text).toBe('ab ba');
    expect(words.map(({text: word, startFrame, endFrame}) => [word, startFrame, endFrame])).toEqual([
      ['ab', 1, 4],
      ['ba', 7, 9],
    ]);
    expect(confidence).toBeCloseTo(0.997, 3);
  });

  it('has no spaces at its ends, and no two in a row', () => {
    const decoder = new UtteranceDecoder(card);
    decoder.accept(spell(' _ a _ b '));
    expect(decoder.final().text).toBe('a b');
    expect(decoder.partial().text).toBe('a b');
  });

  it('of blanks alone is empty', () => {
    const decoder = new UtteranceDecoder(card);
    decoder.accept(spell('____'));
    expect(decoder.final()).toEqual({text: '', words: [], confidence: NaN});
  });

  it('tells where its last word ends so far, and of none where there is none', () => {
    const decoder = new UtteranceDecoder(card);
    decoder.accept(spell('_ _'));
    expect(decoder.lastWordEnd()).toBeUndefined();
    decoder.accept(spell('_aab_ _'));
    expect(decoder.lastWordEnd()).toBe(7);
    decoder.reset();
    expect(decoder.lastWordEnd()).toBeUndefined();
  });

  it('is forgotten by reset', () => {
    const decoder = new UtteranceDecoder(card);
    decoder.accept(spell('ab'));
    decoder.reset();
    expect(decoder.partial()).toEqual({text: '', stableLength: 0});
  });
});

it('is decoded greedily where that is asked for: the letters of the best path, all of which stand', () => {
  const decoder = new UtteranceDecoder(card, undefined, {decoding: 'greedy'});
  decoder.accept(spell('_aa_ '));
  expect(decoder.partial()).toEqual({text: 'a', stableLength: 1});
  decoder.accept(spell(' _b_b'));
  const {text, words, confidence} = decoder.final();
  expect(text).toBe('a bb');
  expect(words.map(({text: word, startFrame, endFrame}) => [word, startFrame, endFrame])).toEqual([
    ['a', 1, 3],
    ['bb', 7, 10],
  ]);
  expect(confidence).toBeCloseTo(0.997, 3);
});

it('has a stable part that only grows, that each text begins with, and the last text too', () => {
  const decoder = new UtteranceDecoder(card, undefined, {beamWidth: 8});
  const random = seededRandom(7);
  let stable = '';
  for (let frame = 0; frame < 300; frame++) {
    const logits = random.samples(FAKE_LABELS.length, 4);
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    decoder.accept(logits.map((logit) => logit - total));
    const {text, stableLength} = decoder.partial();
    expect(text.startsWith(stable)).toBe(true);
    expect(stableLength).toBeGreaterThanOrEqual(stable.length);
    stable = text.slice(0, stableLength);
  }
  expect(stable.length).toBeGreaterThan(20);
  expect(decoder.final().text.startsWith(stable)).toBe(true);
});
