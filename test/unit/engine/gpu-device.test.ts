import {afterEach, describe, expect, it, vi} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import {defaultNumerics, loadModel} from '../../../src/engine/engines.ts';
import {requestGpuDevice} from '../../../src/engine/gpu-device.ts';
import {graphOf, node} from '../../support/graph-builder.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A browser's WebGPU whose device can be taken away. */
function stubGpu() {
  let lose!: (info: Partial<GPUDeviceLostInfo>) => void;
  const lost = new Promise<Partial<GPUDeviceLostInfo>>((resolve) => {
    lose = resolve;
  });
  const device = Object.assign(new EventTarget(), {lost});
  const limits = {maxBufferSize: 2 ** 31};
  const requestDevice = vi.fn(() => Promise.resolve(device));
  const adapter = {limits, info: {vendor: 'test'}, requestDevice};
  vi.stubGlobal('navigator', {gpu: {requestAdapter: () => Promise.resolve(adapter)}});
  return {device, requestDevice, lose};
}

describe('asking for a GPU', () => {
  it('says what is missing where there is no WebGPU', async () => {
    vi.stubGlobal('navigator', {});
    await expect(requestGpuDevice('tfjs-webgpu')).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: 'engine tfjs-webgpu: got no navigator.gpu, expected a browser with WebGPU',
    });
  });

  it('says what is missing where WebGPU has no adapter', async () => {
    vi.stubGlobal('navigator', {gpu: {requestAdapter: () => Promise.resolve(null)}});
    await expect(requestGpuDevice('onnx-webgpu')).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: 'engine onnx-webgpu: got no GPU adapter, expected a GPU that WebGPU may use',
    });
  });

  it('asks for the limits of the adapter', async () => {
    const {requestDevice} = stubGpu();
    await requestGpuDevice('tfjs-webgpu');
    expect(requestDevice).toHaveBeenCalledWith({
      requiredLimits: expect.objectContaining({maxBufferSize: 2 ** 31}) as unknown,
    });
  });

  it('tells of a lost device', async () => {
    const {lose} = stubGpu();
    const {failure} = await requestGpuDevice('tfjs-webgpu');
    lose({reason: 'unknown', message: 'driver restart'});
    expect(await failure).toBe('the GPU device was lost (unknown): driver restart');
  });

  it('takes an error that nobody catches for a failure, and keeps it from the console', async () => {
    const {device} = stubGpu();
    const {failure} = await requestGpuDevice('tfjs-webgpu');
    const error = Object.assign(new Event('uncapturederror', {cancelable: true}), {
      error: {message: 'out of memory'},
    });
    device.dispatchEvent(error);
    expect(error.defaultPrevented).toBe(true);
    expect(await failure).toBe('the GPU failed: out of memory');
  });
});

describe('the engines on the GPU', () => {
  const graph = graphOf({x: {shape: [1]}, y: {shape: [1]}}, [node('Relu', ['x'], 'y', {})]);

  it.each(['onnx-webgpu', 'tfjs-webgpu'] as const)('%s says that Node has none', async (engine) => {
    vi.stubGlobal('navigator', undefined);
    const load = loadModel(graph, engine, {numerics: 'float32', assets: nodeEngineAssets()});
    await expect(load).rejects.toThrow(`engine ${engine}: got no navigator.gpu`);
  });

  it('compute in float32, whatever the card prefers', async () => {
    expect(defaultNumerics('onnx', 'int8-exact')).toBe('int8-exact');
    expect(defaultNumerics('onnx-webgpu', 'int8-exact')).toBe('float32');
    expect(defaultNumerics('tfjs-webgpu', 'int8-exact')).toBe('float32');
    const load = loadModel(graph, 'tfjs-webgpu', {numerics: 'int8-exact', assets: nodeEngineAssets()});
    await expect(load).rejects.toThrow('got numerics int8-exact, expected float32');
  });
});
