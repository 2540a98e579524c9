import {ctcAlign} from '../../src/decode/ctc-align.ts';
import {createAcousticNetwork} from '../../src/pipeline/create-acoustic-network.ts';
import type {LoadedTranscriber} from '../../src/pipeline/load-transcriber.ts';
import {indexPhones} from '../../src/pipeline/word-knowledge.ts';
import {runAcousticNetwork} from '../../test/support/run-acoustic-network.ts';
import {RATE_HZ} from '../speech-material.ts';
import type {SpokenWord} from './word-latency.ts';

/**
 * Finds where the words of a text are said, by aligning the commonest pronunciation of each with what the network hears
 * (Viterbi). A phone ends with the last frame in which the network says it, which may be before its sound has died away.
 * @param transcriber with a lexicon.
 * @param text in any case; undefined comes of a word that the lexicon lacks, and of a text that does not fit the sound.
 */
export async function alignWords(
  transcriber: LoadedTranscriber,
  samples: Float32Array,
  text: string,
): Promise<readonly SpokenWord[] | undefined> {
  const {tokens, words: knowledge} = transcriber;
  const phoneIds = indexPhones(tokens);
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  const labelling: number[] = [];
  const ends: number[] = []; // of each word, in `labelling`
  for (const word of words) {
    const phones = knowledge?.pronunciations?.pronunciationsOf(word)[0];
    if (!phones) return undefined;
    if (labelling.length > 0) labelling.push(tokens.spaceId);
    labelling.push(...phones.map((phone) => phoneIds.get(phone) ?? tokens.blankId));
    ends.push(labelling.length);
  }
  const network = createAcousticNetwork(transcriber, 'utterance');
  const {before} = await runAcousticNetwork(network, samples);
  const logProbs = Float32Array.from(before);
  const frameMs = (1000 * network.frameSamples) / RATE_HZ;
  const aligned = ctcAlign(logProbs, labelling, {tokenCount: tokens.labels.length, blankId: tokens.blankId});
  if (!aligned) return undefined;
  const {startFrames, endFrames} = aligned;
  return words.map((word, index) => ({
    text: word,
    startMs: frameMs * (startFrames[index === 0 ? 0 : (ends[index - 1] ?? 0) + 1] ?? NaN),
    endMs: frameMs * (endFrames[(ends[index] ?? 0) - 1] ?? NaN),
  }));
}
