import {describe, expect, it} from 'vitest';
import type {Checkpoint} from '../../../../src/formats/checkpoint/checkpoint.ts';
import {isConstant} from '../../../../src/graph/graph.ts';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {elementCount} from '../../../../src/graph/shape.ts';
import {tensorOf} from '../../../../src/graph/tensor-of.ts';
import {validateGraph} from '../../../../src/graph/validate-graph.ts';
import {
  readWav2Vec2,
  wav2vec2Shapes,
  type Wav2Vec2Sizes,
} from '../../../../src/systems/wav2vec2-base/layout.ts';
import {system} from '../../../../src/systems/wav2vec2-base/system.ts';
import {seededCheckpoint} from '../../../support/seeded-checkpoint.ts';
import {wav2vec2Goldens} from '../../../support/wav2vec2-goldens.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

const SMALL: Wav2Vec2Sizes = {channels: [8, 7, 6, 5, 4, 3, 4], hidden: 64, layerCount: 2, inner: 96};
const BASE: Wav2Vec2Sizes = {
  channels: Array.from({length: 7}, () => 512),
  hidden: 768,
  layerCount: 12,
  inner: 3072,
};

const ENCODER = 'wav2vec2.encoder';
const EXTRACTOR = 'wav2vec2.feature_extractor.conv_layers';

function errorOf(shapes: Shapes): Error {
  try {
    readWav2Vec2(seededCheckpoint(shapes));
  } catch (error) {
    if (error instanceof ModelFormatError) return error;
  }
  throw new Error('got no ModelFormatError, expected one');
}

const without = (name: string): Shapes =>
  Object.fromEntries(Object.entries(wav2vec2Shapes(SMALL)).filter(([candidate]) => candidate !== name));
const withTensor = (name: string, shape: readonly number[]): Shapes => ({
  ...wav2vec2Shapes(SMALL),
  [name]: shape,
});

describe('a state dictionary of the base layout', () => {
  it.each(wav2vec2Goldens)('has the names and shapes of the referee: $title', ({sizes, shapes}) => {
    const sorted = (of: Shapes) => Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(wav2vec2Shapes(sizes))).toEqual(sorted(shapes));
  });

  it.each([0, 1] as const)('tells its sizes, its weights normalised by way %i', (norm) => {
    const {sizes, positions} = readWav2Vec2(seededCheckpoint(wav2vec2Shapes(SMALL, norm)));
    expect(sizes).toEqual(SMALL);
    expect(positions.direction).toContain(norm === 0 ? '.weight_v' : '.original1');
  });

  it('may have the embedding that training masks with', () => {
    const shapes = withTensor('wav2vec2.masked_spec_embed', [64]);
    expect(readWav2Vec2(seededCheckpoint(shapes)).sizes).toEqual(SMALL);
  });
});

describe('the graph', () => {
  it('has 94,395,424 parameters at full size, and reads none of them before it is written', () => {
    const tensors: Checkpoint['tensors'] = new Map(
      [...seededCheckpoint(wav2vec2Shapes(BASE)).tensors].map(([name, tensor]) => [
        name,
        {...tensor, read: () => Promise.reject(new Error(`${name} was read`))},
      ]),
    );
    const graph = system.buildGraph({format: 'torch-zip', tensors, metadata: {}});
    validateGraph(graph);
    const constants = [...graph.tensors.values()].filter(isConstant);
    expect(constants.reduce((sum, {shape}) => sum + elementCount(shape), 0)).toBe(94_395_424);
  });

  it('gives an output of all labels for every 320 samples', () => {
    const graph = system.buildGraph(seededCheckpoint(wav2vec2Shapes(SMALL)));
    expect(graph.inputs.map((name) => tensorOf(graph, name).shape)).toEqual([[1, -1]]);
    expect(graph.outputs.map((name) => tensorOf(graph, name).shape)).toEqual([[1, -1, 32]]);
  });

  it('is the same for both ways of normalising weights', async () => {
    const name = `${ENCODER}.pos_conv_embed.conv.weight`;
    const weightsOf = async (norm: 0 | 1): Promise<Float32Array | undefined> => {
      const shapes = wav2vec2Shapes(SMALL, norm);
      const {tensors, ...rest} = seededCheckpoint(shapes);
      const filled = [...tensors].map(([own, tensor]) => {
        const isMagnitude = /weight_g|original0/.test(own);
        const read = () =>
          Promise.resolve(new Float32Array(elementCount(tensor.shape)).fill(isMagnitude ? 2 : 3));
        return [own, {...tensor, read}] as const;
      });
      return await tensorOf(system.buildGraph({...rest, tensors: new Map(filled)}), name).load?.();
    };
    const [published, newer] = await Promise.all([weightsOf(0), weightsOf(1)]);
    expect(newer).toEqual(published);
    expect(published?.[0]).toBeCloseTo(2 / Math.sqrt(64 * 4), 6);
  });
});

describe('what is not of the base layout', () => {
  it.each([
    [
      'a missing tensor',
      without(`${ENCODER}.layers.1.layer_norm.bias`),
      /no "wav2vec2\.encoder\.layers\.1\.layer_norm\.bias", expected .* as \[64\]/,
    ],
    [
      'a missing classifier',
      without('lm_head.weight'),
      /no "lm_head\.weight", expected "lm_head\.weight" as \[32, 64\]/,
    ],
    [
      'a missing convolution',
      without(`${EXTRACTOR}.3.conv.weight`),
      /no ".*conv_layers\.3\.conv\.weight", expected .* of 3 dimensions/,
    ],
    [
      'a layer that is not there',
      withTensor(`${ENCODER}.layers.4.layer_norm.bias`, [64]),
      /no "wav2vec2\.encoder\.layers\.2\./,
    ],
    [
      'another kernel',
      withTensor(`${EXTRACTOR}.5.conv.weight`, [3, 4, 3]),
      /as \[3, 4, 3\], expected ".*conv_layers\.5\.conv\.weight" as \[3, 4, 2\]/,
    ],
    [
      'an eighth convolution',
      withTensor(`${EXTRACTOR}.7.conv.weight`, [4, 4, 2]),
      /got ".*conv_layers\.7\.conv\.weight", expected the \d+ tensors/,
    ],
    [
      'an unknown tensor',
      withTensor('lm_head.scale', [32]),
      /got "lm_head\.scale", expected the \d+ tensors of wav2vec2-base and no others/,
    ],
    [
      'another head size',
      wav2vec2Shapes({...SMALL, hidden: 80}),
      /80 values of a step, expected a multiple of the head size 64/,
    ],
    [
      'other labels',
      withTensor('lm_head.weight', [29, 64]),
      /as \[29, 64\], expected "lm_head\.weight" as \[32, 64\]/,
    ],
    [
      'normalisation of every convolution',
      withTensor(`${EXTRACTOR}.1.layer_norm.weight`, [7]),
      /normalisation after each convolution, as the large networks .*conv_layers\.1\.layer_norm\.weight/,
    ],
    ['biases of convolutions', withTensor(`${EXTRACTOR}.0.conv.bias`, [8]), /convolutions with a bias/],
    ['an adapter', withTensor('wav2vec2.adapter.proj.weight', [8, 8]), /an adapter/],
    [
      'a network before fine-tuning',
      withTensor('quantizer.codevectors', [1, 640, 128]),
      /for something else than text/,
    ],
    ['HuBERT', {'hubert.encoder.layer_norm.weight': [768]}, /of another family \("hubert\./],
    ["torchaudio's names", {'encoder.transformer.layer_norm.weight': [768]}, /fairseq, torchaudio/],
    ['nothing', {}, /no ".*conv_layers\.0\.conv\.weight"/],
  ] satisfies [string, Shapes, RegExp][])('is refused: %s', (_, shapes, message) => {
    expect(errorOf(shapes).message).toMatch(message);
  });
});
