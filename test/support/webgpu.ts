import type {Page} from 'playwright-core';
import type {Chromium} from './chromium.ts';

/** Chromium offers its WebGPU only with this: on a machine without a GPU, one that computes on the processor. */
export const WEBGPU_ARGS = ['--enable-unsafe-webgpu'] as const;

/** What a page's WebGPU computes on. */
export interface GpuAdapter {
  readonly name: string;
  /** Whether the processor computes what a GPU would: right, and slow. */
  readonly isImitation: boolean;
}

/** The adapter that the engines of a page get; else why they get none. */
export async function findGpuAdapter(page: Page): Promise<GpuAdapter | {readonly absent: string}> {
  return page.evaluate(async () => {
    if (!('gpu' in navigator)) return {absent: 'this Chromium has no navigator.gpu'};
    const adapter = await navigator.gpu.requestAdapter({powerPreference: 'high-performance'});
    if (!adapter) return {absent: `no WebGPU adapter in ${navigator.userAgent}`};
    const {vendor, architecture, description, isFallbackAdapter} = adapter.info;
    const isSwiftShader = architecture === 'swiftshader';
    const name = isSwiftShader ? 'SwiftShader' : description || `${vendor} ${architecture}`.trim();
    return {name, isImitation: isSwiftShader || isFallbackAdapter};
  });
}

/** Why a page can have no WebGPU here, for a test to print where it skips; undefined where it can. */
export async function whyNoWebgpu({page}: Chromium): Promise<string | undefined> {
  const found = await findGpuAdapter(page);
  return 'absent' in found ? found.absent : undefined;
}
