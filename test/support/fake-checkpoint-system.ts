import type {Checkpoint} from '../../src/formats/checkpoint/checkpoint.ts';
import type {Graph} from '../../src/graph/graph.ts';
import {ModelFormatError} from '../../src/graph/model-format-error.ts';
import {ANY_LENGTH} from '../../src/graph/shape.ts';
import type {AcceptedDigest} from '../../src/systems/card.ts';
import type {WholeUtteranceSystem} from '../../src/systems/transcription-system.ts';
import {fakeTranscriptionSystem, FAKE_LABELS} from './fake-transcription-system.ts';
import {graphOf, node} from './graph-builder.ts';
import {seededRandom} from './prng.ts';
import {writeSafetensors} from './safetensors.ts';

const WIDTH = 256; // the square of it, in 8 bits too, lies in the weights' file
const INPUTS = FAKE_LABELS.length;

const shapes: Readonly<Record<string, readonly [number, number]>> = {
  'encoder.weight': [INPUTS, WIDTH],
  'square.weight': [WIDTH, WIDTH],
  'decoder.weight': [WIDTH, INPUTS],
};

const random = seededRandom(17);

/** Bytes of the one tensor that is large enough for the weights' file. */
export const FAKE_WEIGHT_BYTES = 4 * WIDTH * WIDTH;

/** Values of the tensors that {@link fakeCheckpointSystem} is built from, by name. */
export const fakeTensors: Readonly<Record<string, Float32Array>> = Object.fromEntries(
  Object.entries(shapes).map(([name, [height, width]]) => [name, random.samples(height * width)]),
);

/** A checkpoint of these tensors, as safetensors. */
export function fakeCheckpointFile(tensors = fakeTensors): Uint8Array<ArrayBuffer> {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, {length, byteLength}]) => {
      const begin = end;
      end += byteLength;
      return [name, {dtype: 'F32', shape: shapes[name] ?? [length], data_offsets: [begin, end]}];
    }),
  );
  const data = Buffer.concat(Object.values(tensors).map(({buffer}) => new Uint8Array(buffer)));
  return new Uint8Array(writeSafetensors(header, data));
}

/** What the network makes of rows of four values, computed in doubles. */
export function fakeLogits(rows: Float32Array): number[] {
  let values = Array.from(rows);
  for (const name of Object.keys(shapes)) values = product(values, name);
  return values;
}

function product(values: readonly number[], name: string): number[] {
  const [height, width] = shapes[name] ?? [0, 0];
  const weights = fakeTensors[name] ?? new Float32Array();
  return Array.from({length: (values.length / height) * width}, (_, place) => {
    const [row, column] = [Math.floor(place / width), place % width];
    let sum = 0;
    for (let at = 0; at < height; at++) {
      sum += (values[row * height + at] ?? NaN) * (weights[at * width + column] ?? NaN);
    }
    return sum;
  });
}

/** A system that is imported from a checkpoint: three matrices, one after another. */
export function fakeCheckpointSystem(accepted: readonly AcceptedDigest[] = []): WholeUtteranceSystem {
  const {card, sampleRateHz} = fakeTranscriptionSystem;
  return {
    kind: 'whole-utterance',
    card: {
      ...card,
      id: 'fake-checkpoint',
      weights: {name: 'fake.pth', format: 'torch', accepted},
      defaults: {engine: 'onnx', numerics: 'int8-dynamic'},
    },
    sampleRateHz,
    output: 'logits',
    createFrontEnd: (mode) => fakeTranscriptionSystem.createFrontEnd(mode),
    precisions: ['int8', 'float32'],
    wholeUtterancePlan: {
      receptiveFrames: 1,
      subsamplingFactor: 1,
      maxFrames: 1000,
      partial: {windowFrames: 100, contextFrames: 10},
    },
    buildGraph: fakeGraph,
  };
}

function fakeGraph(checkpoint: Checkpoint): Graph {
  const weight = (name: string) => {
    const stored = checkpoint.tensors.get(name);
    if (!stored) throw new ModelFormatError(`no ${name}`, `tensors ${Object.keys(shapes).join(', ')}`);
    return {shape: stored.shape, load: () => stored.read()};
  };
  const row = (width: number) => ({shape: [1, ANY_LENGTH, width]});
  return graphOf(
    {
      x: row(INPUTS),
      encoder: weight('encoder.weight'),
      a: row(WIDTH),
      square: weight('square.weight'),
      b: row(WIDTH),
      decoder: weight('decoder.weight'),
      y: row(INPUTS),
    },
    [
      node('MatMul', ['x', 'encoder'], 'a', {}),
      node('MatMul', ['a', 'square'], 'b', {}),
      node('MatMul', ['b', 'decoder'], 'y', {}),
    ],
  );
}
