import {createCharacterFusion} from '../../src/decode/character-fusion.ts';
import {createLexicon, spellWords} from '../../src/decode/create-lexicon.ts';
import {encodeNgramModel} from '../../src/decode/encode-ngram-model.ts';
import type {LexiconTrie} from '../../src/decode/lexicon-trie.ts';
import {openNgramModel, type NgramModel} from '../../src/decode/ngram-model.ts';
import type {PrefixScorer} from '../../src/decode/prefix-scorer.ts';
import {createWordFusion} from '../../src/decode/word-fusion.ts';
import {readArpa} from '../../src/formats/arpa.ts';
import {readRepositoryFile} from './repository.ts';

/** One hypothesis of the reference, natural logarithms. */
export interface GoldenHypothesis {
  readonly tokens: readonly number[];
  readonly text: string;
  readonly logp_beam: number;
  readonly logp_exact: number;
  readonly lm_weighted?: number;
  readonly count?: number;
  readonly total?: number;
}

/** One beam search of the reference. */
export interface GoldenBeam {
  readonly width: number;
  readonly nbest: readonly GoldenHypothesis[];
  readonly top_margin?: number | null;
  readonly min_prune_gap?: number | null;
}

/** One beam search with a language model. */
export interface GoldenFusion extends GoldenBeam {
  readonly model: string;
  readonly kind: 'word' | 'char';
  readonly alpha: number;
  readonly beta: number;
  readonly eos: boolean;
}

/** A matrix of logits and what decoders make of it. */
export interface GoldenDecoding {
  readonly name: string;
  readonly alphabet: 'w2l' | 'ds2' | 'w2v2';
  readonly C: number;
  readonly T: number;
  readonly blank: number;
  readonly space: number;
  readonly logits: readonly (readonly number[])[];
  readonly greedy: {
    readonly tokens: readonly number[];
    readonly text: string;
    readonly spans: readonly (readonly number[])[];
  };
  readonly beam: readonly GoldenBeam[];
  readonly lm: readonly GoldenFusion[];
}

/** A tiny matrix of which every path was enumerated. */
export interface GoldenTiny {
  readonly name: string;
  readonly C: number;
  readonly T: number;
  readonly blank: number;
  readonly logits: readonly (readonly number[])[];
  readonly n_labellings: number;
  readonly greedy: readonly number[];
  readonly best: readonly number[];
  readonly best_logp: number;
  readonly top: readonly {readonly tokens: readonly number[]; readonly logp: number}[];
  readonly beam: Readonly<Record<string, {readonly tokens: readonly number[]; readonly logp_beam: number}>>;
}

/** A forced alignment; `score` is null where there is none. */
export interface GoldenAlignment {
  readonly name: string;
  readonly alphabet: 'w2l' | 'ds2' | 'w2v2' | null;
  readonly C: number;
  readonly T: number;
  readonly blank: number;
  readonly logits?: readonly (readonly number[])[];
  readonly logits_from?: string;
  readonly tokens: readonly number[];
  readonly score: number | null;
  readonly state_path: readonly number[];
  readonly spans: readonly (readonly number[])[];
  readonly token_mean_logp?: readonly number[];
  readonly words?: readonly {readonly word: string; readonly start: number; readonly end: number}[];
}

/** The labels of one of the three token sets. */
export interface GoldenAlphabet {
  readonly labels: readonly string[];
  readonly blank: number;
  readonly space: number;
}

function read(name: string): unknown {
  return JSON.parse(readRepositoryFile(`test/goldens/${name}`)) as unknown;
}

const decode = read('ctc/decode.json') as {
  readonly alphabets: Readonly<Record<string, GoldenAlphabet>>;
  readonly cases: readonly GoldenDecoding[];
};

/** Matrices of 20 to 150 frames. */
export const decodings = decode.cases;
/** Edge cases: repeats, all blank, double space, −1e30, ties, no frames. */
export const specialDecodings = (read('ctc/special.json') as {cases: readonly GoldenDecoding[]}).cases;
/** Cases small enough for brute force. */
export const tinyDecodings = (read('ctc/tiny_exact.json') as {cases: readonly GoldenTiny[]}).cases;
/** Forced alignments. */
export const alignments = (read('ctc/align.json') as {cases: readonly GoldenAlignment[]}).cases;

/** The token set of that name. */
export function goldenAlphabet(name: string): GoldenAlphabet {
  const alphabet = decode.alphabets[name];
  if (alphabet === undefined) throw new Error(`test/goldens/ctc/decode.json has no alphabet ${name}`);
  return alphabet;
}

/** Text of one of the two tiny ARPA models. */
export function goldenArpa(name: string): string {
  return readRepositoryFile(`test/goldens/ctc/${name}`);
}

/** Logits of a case in doubles, [T × C]. */
export function logitsOf(golden: {readonly logits: readonly (readonly number[])[]}): Float64Array {
  return Float64Array.from(golden.logits.flat());
}

/** One of the two tiny models, ready to score. */
export function openGoldenModel(name: string): NgramModel {
  return openNgramModel(encodeNgramModel(readArpa(goldenArpa(name))));
}

/** The words of a golden model, spelled in the tokens of an alphabet. */
export function goldenLexicon(model: NgramModel, alphabet: GoldenAlphabet): LexiconTrie {
  const words = Array.from({length: model.wordCount}, (_, id) => model.wordOf(id));
  const tokenIds = new Map(alphabet.labels.map((label, token) => [label.toLowerCase(), token]));
  return createLexicon(spellWords(words.filter((word) => !word.startsWith('<'))), tokenIds);
}

/** The scorer of a fusion of the reference. */
export function goldenScorer(fusion: GoldenFusion, alphabet: GoldenAlphabet): PrefixScorer {
  const {labels, space} = alphabet;
  const {alpha, beta, eos: isEndScored} = fusion;
  const model = openGoldenModel(fusion.model);
  if (fusion.kind === 'char') {
    const characters = labels.map((label, token) => (token === space ? '|' : label.toLowerCase()));
    return createCharacterFusion({model, characters, alpha, beta, isEndScored});
  }
  return createWordFusion({
    tokenCount: labels.length,
    spaceId: space,
    lexicon: goldenLexicon(model, alphabet),
    model,
    unknownWordPenalty: 0,
    alpha,
    beta,
    isEndScored,
  });
}
