import {expect, it} from 'vitest';
import {KeywordSpotter} from '../../../src/session/keyword-spotter.ts';

it.each(['integer', 'onnx', 'onnx-webgpu', 'tfjs', 'tfjs-webgpu', 'auto'] as const)(
  'a page may ask for %s',
  (engine) => {
    expect(() => new KeywordSpotter('earshot-kws', {engine})).not.toThrow();
  },
);

it('an engine that nobody knows is refused at once, with those that are known', () => {
  const engine = 'webgpu' as 'tfjs'; // an attribute may hold any text
  expect(() => new KeywordSpotter('earshot-kws', {engine})).toThrow(
    new RangeError(
      'got engine "webgpu", expected one of: integer, onnx, onnx-webgpu, tfjs, tfjs-webgpu, auto',
    ),
  );
});
