import type {EngineName} from './engine.ts';
import {EngineUnavailableError} from './engine-unavailable-error.ts';

/** A GPU that computes for this thread. */
export interface GpuDevice {
  readonly device: GPUDevice;
  readonly adapterInfo: GPUAdapterInfo;
  /** Resolves with the reason once nothing that the device computes can be relied on any more. */
  readonly failure: Promise<string>;
}

// What both runtimes ask their own devices for: as much as the adapter has. The rest stays at WebGPU's default.
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/**
 * Asks the browser for a device of the fastest GPU. May never settle, so wait with a time-out.
 * @throws EngineUnavailableError where the browser has no WebGPU (insecure contexts have none), or no GPU for it.
 */
export async function requestGpuDevice(engine: EngineName): Promise<GpuDevice> {
  const {gpu} = (globalThis as {navigator?: Partial<NavigatorGPU>}).navigator ?? {};
  if (!gpu) throw new EngineUnavailableError(engine, 'no navigator.gpu', 'a browser with WebGPU');
  const adapter = await gpu.requestAdapter({powerPreference: 'high-performance'});
  if (!adapter) throw new EngineUnavailableError(engine, 'no GPU adapter', 'a GPU that WebGPU may use');
  const requiredLimits = Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({requiredLimits});
  return {device, adapterInfo: adapter.info, failure: failureOf(device)};
}

// Errors that nobody catches are out of memory or defects of a kernel; what was computed then is wrong, silently.
function failureOf(device: GPUDevice): Promise<string> {
  return new Promise((resolve) => {
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault(); // else the browser writes it to the console
      resolve(`the GPU failed: ${event.error.message}`);
    });
    void device.lost.then(({reason, message}) => {
      resolve(`the GPU device was lost (${reason}): ${message}`);
    });
  });
}
