import type {SpeedProbe} from './speed-probe.ts';

/** Dynamic imports, so that a page loads only the probe that it runs. */
const loaders: Readonly<Record<string, () => Promise<SpeedProbe>>> = {
  'wav2vec2-base': async () => (await import('./wav2vec2-base/speed-probe.ts')).speedProbe,
  deepspeech2: async () => (await import('./deepspeech2/speed-probe.ts')).speedProbe,
};

/** The probe of a system; undefined where it has none, because its network is small enough to be timed itself. */
export async function findSpeedProbe(systemId: string): Promise<SpeedProbe | undefined> {
  return Object.hasOwn(loaders, systemId) ? await loaders[systemId]?.() : undefined;
}
