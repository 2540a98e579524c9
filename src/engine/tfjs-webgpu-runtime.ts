import {registerBackend, removeBackend} from '@tensorflow/tfjs-core';
import {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu';
import type {GpuDevice} from './gpu-device.ts';

const BACKEND = 'webgpu';

let running: GPUDevice | undefined;

/** Starts TensorFlow.js's WebGPU backend on a device; does nothing where it runs on that one already. */
export function startTfjsWebgpu({device, adapterInfo}: GpuDevice): void {
  if (device === running) return;
  const backend = new WebGPUBackend(device, adapterInfo);
  removeBackend(BACKEND); // the package's own factory, or the backend of a device that was lost
  registerBackend(BACKEND, () => backend);
  running = device;
}
