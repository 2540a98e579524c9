import {describe, expect, it} from 'vitest';
import type {Model} from '../../../src/engine/engine.ts';
import type {ElementType} from '../../../src/graph/graph.ts';
import {runSelfTest} from '../../../src/pipeline/self-test.ts';

/** A network of two inputs and 20 rows of two outputs, which answers always the same. */
function modelThatGives(output: Int8Array, type: ElementType = 'int8'): Model {
  return {
    engine: 'onnx',
    numerics: 'int8-exact',
    threadCount: 1,
    graph: {
      name: 'fake',
      inputs: ['x'],
      outputs: ['y'],
      tensors: new Map([
        ['x', {name: 'x', type, shape: [1, 2]}],
        ['y', {name: 'y', type, shape: [1, 20, 2]}],
      ]),
      nodes: [],
    },
    run: () => Promise.resolve([output]),
    dispose: () => undefined,
  };
}

const input = Int8Array.of(1, 2);
const output = Int8Array.from({length: 40}, (_, index) => (index % 2 === 0 ? 10 : -10));

describe('runSelfTest', () => {
  it('passes where everything is equal', async () => {
    expect(await runSelfTest(modelThatGives(output), {input, output}, 2)).toEqual({
      equalShare: 1,
      withinOneStepShare: 1,
      sameBestShare: 1,
      isPassed: true,
    });
  });

  it('passes where the rounding differs, and says by how much', async () => {
    const got = output.map((value, index) => (index < 4 ? value + 1 : index < 8 ? value - 3 : value));
    expect(await runSelfTest(modelThatGives(got), {input, output}, 2)).toEqual({
      equalShare: 0.8,
      withinOneStepShare: 0.9,
      sameBestShare: 1,
      isPassed: true,
    });
  });

  it('fails where more than one row in ten has another best value', async () => {
    const wrongIn = (rowCount: number): Int8Array =>
      output.map((value, index) => (index < 2 * rowCount ? -value : value));
    expect(await runSelfTest(modelThatGives(wrongIn(2)), {input, output}, 2)).toMatchObject({
      sameBestShare: 0.9,
      isPassed: true,
    });
    expect(await runSelfTest(modelThatGives(wrongIn(3)), {input, output}, 2)).toMatchObject({
      sameBestShare: 0.85,
      isPassed: false,
    });
  });

  it('refuses a vector of another size and a network that is not in int8', async () => {
    const long = Int8Array.of(1, 2, 3);
    await expect(runSelfTest(modelThatGives(output), {input: long, output}, 2)).rejects.toThrow(
      'got input x [1,2], expected one input of 3 values',
    );
    await expect(runSelfTest(modelThatGives(output, 'float32'), {input, output}, 2)).rejects.toThrow(
      'self-test: got an input of float32 [1, 2], expected int8',
    );
  });
});
