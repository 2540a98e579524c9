import type {Model} from '../engine/engine.ts';
import type {Graph} from '../graph/graph.ts';
import {inventedNoise, type SpeedProbe} from '../systems/speed-probe.ts';
import {findSpeedProbe} from '../systems/speed-probes.ts';
import type {TranscriptionSystem} from '../systems/transcription-system.ts';
import {findTranscriptionSystem} from '../systems/transcription-systems.ts';
import {createAcousticNetwork} from './create-acoustic-network.ts';
import {createStates} from './create-states.ts';
import {loadTranscriber, type TranscriberSources} from './load-transcriber.ts';
import {shortestRunMs, type TimingOptions} from './shortest-run.ts';

/** What the thread that times provides. */
export interface EstimateSources extends TranscriberSources {
  /** A part of a large network, opened as the whole would be. */
  readonly modelOfProbe: (graph: Graph) => Promise<Model>;
}

/** Sound that a small network is timed with. */
const NOISE_SECONDS = 4;

/**
 * Expects how many seconds of computing a second of sound takes this device, before anything of a large network is
 * there: by the time of a part of it, and of long utterances where text before their end is computed apart. A network
 * that is small enough to be loaded for that is timed itself, with its front end.
 * Worker or Node.
 * @throws as `loadTranscriber` and whatever the sources throw; the signal's reason where it aborts.
 */
export async function estimateRealTimeFactor(
  systemId: string,
  sources: EstimateSources,
  options: TimingOptions,
): Promise<number> {
  const probe = await findSpeedProbe(systemId);
  if (!probe) return await timeWhole(systemId, sources, options);
  return runsPerSound(await findTranscriptionSystem(systemId)) * (await timeProbe(probe, sources, options));
}

/** How often each sound goes through the network: in previews too, which overlap, where a system gives such. */
function runsPerSound(system: TranscriptionSystem): number {
  if (system.kind !== 'whole-utterance') return 1;
  const {windowFrames, contextFrames} = system.wholeUtterancePlan.partial;
  return 1 + windowFrames / (windowFrames - 2 * contextFrames);
}

async function timeProbe(
  probe: SpeedProbe,
  {modelOfProbe}: EstimateSources,
  options: TimingOptions,
): Promise<number> {
  const model = await modelOfProbe(probe.buildGraph());
  try {
    const inputs = [inventedNoise(probe.valueCount, 1), ...createStates(model)];
    const milliseconds = await shortestRunMs(() => model.run(inputs), options);
    return (probe.timeRatio * milliseconds) / 1000 / probe.seconds;
  } finally {
    model.dispose();
  }
}

async function timeWhole(
  systemId: string,
  sources: EstimateSources,
  options: TimingOptions,
): Promise<number> {
  const {system, model, tokens} = await loadTranscriber(systemId, sources);
  try {
    const network = createAcousticNetwork({system, model, tokens}, 'utterance');
    const noise = inventedNoise(NOISE_SECONDS * system.sampleRateHz, 0.1);
    const milliseconds = await shortestRunMs(async () => {
      network.begin();
      network.push(noise);
      network.finish();
      while (await network.nextLogProbs());
    }, options);
    return milliseconds / 1000 / NOISE_SECONDS;
  } finally {
    model.dispose();
  }
}
