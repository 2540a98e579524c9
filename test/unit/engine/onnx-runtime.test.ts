import {describe, expect, it, vi} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import {prepareForOnnxFiles} from '../../../src/engine/engines.ts';
import {startOnnxRuntime} from '../../../src/engine/onnx-runtime.ts';

describe('the runtime of imported networks', () => {
  it('starts where an earlier attempt under way fails, and then once for all who ask', async () => {
    const assets = nodeEngineAssets();
    const missing = vi.fn(() => Promise.reject(new Error('offline')));
    prepareForOnnxFiles({assets: {...assets, read: missing}});
    await vi.waitUntil(() => missing.mock.calls.length === 1);
    const read = vi.fn(assets.read);
    const options = {assets: {...assets, read}};
    const [first, second] = await Promise.all([
      startOnnxRuntime('onnx', options),
      startOnnxRuntime('onnx', options),
    ]);
    expect(first).toBe(second);
    expect(read).toHaveBeenCalledTimes(1);
    expect(missing).toHaveBeenCalledTimes(1);
    await startOnnxRuntime('onnx', options);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
