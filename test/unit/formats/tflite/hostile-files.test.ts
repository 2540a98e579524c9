import {describe, expect, it} from 'vitest';
import {readTflite} from '../../../../src/formats/tflite/read-tflite.ts';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {conv2dOptions, writeTflite} from '../../../support/tflite-writer.ts';

function refusal(bytes: Uint8Array): string {
  try {
    readTflite(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFormatError);
    return (error as ModelFormatError).message;
  }
  throw new Error('the file was accepted');
}

describe('a hostile file', () => {
  it('cannot have one long name read for every tensor', () => {
    // 2,000 tensors would each read the same 100,000 characters
    const bytes = withSharedName(2000, 100_000);
    const start = performance.now();
    expect(refusal(bytes)).toMatch(/bytes of vectors and strings, expected at most/);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('cannot have its constants copied without end', () => {
    // every operator asks for the same 64 KiB in another order, as a copy of its own
    const names = Array.from({length: 40}, (_, index) => `w${index}`);
    const int8 = {type: 'int8', scale: [1]} as const;
    const bytes = writeTflite({
      tensors: [
        {name: 'x', shape: [1, 2, 2, 64], ...int8},
        {name: 'data', shape: [65_536], data: new Array<number>(65_536).fill(1), ...int8},
        ...names.map((name) => ({name, shape: [256, 2, 2, 64], buffer: 2, ...int8})),
        ...names.map((name) => ({name: `${name}/y`, shape: [1, 1, 1, 256], ...int8})),
      ],
      operators: names.map((name) => ({
        op: 'CONV_2D',
        inputs: ['x', name],
        outputs: [`${name}/y`],
        options: conv2dOptions(),
      })),
      inputs: ['x'],
      outputs: ['w0/y'],
    });
    expect(bytes.length).toBeLessThan(120_000);
    expect(refusal(bytes)).toMatch(/bytes of copied constants, expected at most/);
  });
});

/** A file of `count` operators that each read another tensor, all of them with one and the same long name. */
function withSharedName(count: number, length: number): Uint8Array {
  const tensors = Array.from({length: count}, (_, index) => ({name: `t${index}`, shape: [1, 4]}));
  const operators = tensors.slice(1).map(({name}, index) => ({
    op: 'RELU' as const,
    inputs: [`t${index}`],
    outputs: [name],
  }));
  const bytes = writeTflite({tensors, operators, inputs: ['t0'], outputs: [`t${count - 1}`]});
  const grown = new Uint8Array(bytes.length + 4 + length);
  grown.set(bytes);
  const view = new DataView(grown.buffer);
  view.setUint32(bytes.length, length, true);
  grown.fill(0x61, bytes.length + 4);
  // every table of a tensor keeps its name in slot 3; a short name starts with its length and the letter t
  for (let position = 0; position + 8 < bytes.length; position += 4) {
    const target = position + view.getUint32(position, true);
    const isName =
      target + 6 < bytes.length &&
      view.getUint32(target, true) <= 5 &&
      view.getUint32(target, true) >= 2 &&
      grown[target + 4] === 0x74;
    if (isName && target > position) view.setUint32(position, bytes.length - position, true);
  }
  return grown;
}
