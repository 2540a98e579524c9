import {describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import {onnxEngine} from '../../../src/engine/onnx-model.ts';
import {tfjsEngine} from '../../../src/engine/tfjs-model.ts';
import {tensorOf} from '../../../src/graph/tensor-of.ts';
import {floatOpCases} from '../../support/float-op-cases.ts';
import {seededRandom} from '../../support/prng.ts';
import {evaluateReference} from '../../support/reference-evaluator.ts';

// float32 sums of at most 36 products of numbers below 1 in magnitude
const TOLERANCE = 5e-6;

describe.each([onnxEngine, tfjsEngine])('the $name engine in float32', (engine) => {
  it.each(floatOpCases)('computes $title as the definition says', async ({graph}) => {
    const random = seededRandom(11);
    const {shape} = tensorOf(graph, 'x');
    const input = random.samples(
      shape.reduce((product, length) => product * length, 1),
      2,
    );
    const model = await engine.load(graph, {numerics: 'float32', assets: nodeEngineAssets()});
    const [output] = await model.run([input]);
    const expected = evaluateReference(graph, input);
    const size = tensorOf(graph, 'y').shape.reduce((product, length) => product * length, 1);
    expect(output).toHaveLength(size);
    expect(expected).toHaveLength(size);
    const worst = Math.max(...expected.map((value, index) => Math.abs(value - output![index]!)));
    expect(worst, `seed ${random.seed}`).toBeLessThan(TOLERANCE);
    model.dispose();
  });
});
