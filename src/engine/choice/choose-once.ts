import type {ChosenBecause, EngineCandidate} from '../../protocol/engine-choice.ts';
import {
  chooseEngine,
  type ChoiceOptions,
  type ChoiceSources,
  type EngineDecision,
  type MeasurableNetwork,
} from './choose-engine.ts';

/** A choice as it is kept. */
export interface KeptChoice {
  readonly candidate: EngineCandidate;
  readonly because: ChosenBecause;
}

/** Where the choice for one network, device, browser and version is kept. Neither ever rejects. */
export interface ChoiceMemory {
  /** What was chosen under the same circumstances; undefined where nothing was, or nothing can be kept here. */
  recall(): Promise<KeptChoice | undefined>;
  keep(choice: KeptChoice): Promise<void>;
}

/**
 * Runs what was chosen before, else chooses and remembers. What was remembered and does not run any more is chosen
 * anew. Worker or Node.
 * @throws as chooseEngine.
 */
export async function chooseOnce<Network extends MeasurableNetwork>(
  options: ChoiceOptions,
  sources: ChoiceSources<Network>,
  memory: ChoiceMemory,
): Promise<EngineDecision<Network>> {
  const kept = await memory.recall();
  const network = kept && (await loadKept(kept, options, sources));
  if (kept && network) return {candidate: kept.candidate, network, because: remembered(kept.because)};
  const decision = await chooseEngine(options, sources);
  await memory.keep({candidate: decision.candidate, because: decision.because});
  return decision;
}

/** The network, one window run; undefined where it fails. */
async function loadKept<Network extends MeasurableNetwork>(
  {candidate}: KeptChoice,
  {signal}: ChoiceOptions,
  {load}: ChoiceSources<Network>,
): Promise<Network | undefined> {
  let network: Network | undefined;
  try {
    network = await load(candidate, signal);
    await network.run(0);
    return network;
  } catch {
    network?.dispose();
    signal.throwIfAborted(); // else the measurement that follows names what fails
    return undefined;
  }
}

function remembered(because: ChosenBecause): ChosenBecause {
  const text = `Remembered from an earlier visit. ${because.text}`;
  return {...because, basis: 'remembered', text, spentMs: 0};
}
