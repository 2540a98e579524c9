import type {Precision} from '../../src/graph/precision.ts';
import {fetchPeerPackage, peerPackages} from '../peer-packages.ts';
import {openLargeModel} from './large-models.ts';
import type {LargeSystemId} from './large-systems.ts';
import type {SpeechWorkerChoice} from './page/speech-worker.ts';

/** What is measured: a large system in a precision, on so many threads. */
export interface LargeCase {
  readonly systemId: LargeSystemId;
  readonly precision: Precision;
  readonly threadCount: number;
}

/** Every system, precision and number of threads. */
export const LARGE_CASES: readonly LargeCase[] = (['wav2vec2-base', 'deepspeech2'] as const).flatMap(
  (systemId) =>
    (['int8', 'float32'] as const).flatMap((precision) =>
      [1, 2].map((threadCount) => ({systemId, precision, threadCount})),
    ),
);

/** How rows of a case begin. */
export function titleOf({systemId, precision, threadCount}: LargeCase): string {
  return `${systemId}, ${precision}, ${threadCount} ${threadCount === 1 ? 'thread' : 'threads'}`;
}

/** Ours, with its network made where it is not there yet. */
export async function earshotChoice({
  systemId,
  precision,
  threadCount,
}: LargeCase): Promise<SpeechWorkerChoice> {
  const folder = await openLargeModel(systemId, precision);
  return {runner: {kind: 'earshot', systemId}, modelPath: `/${folder}/`, threadCount};
}

/**
 * transformers.js over the same files; undefined where it does not know the system.
 * @throws Error where npm cannot get it.
 */
export async function transformersChoice(one: LargeCase): Promise<SpeechWorkerChoice | undefined> {
  if (one.systemId !== 'wav2vec2-base') return undefined;
  const pathOf = (specifier: string): string => `/${fetchPeerPackage(specifier)}`;
  const runner = {
    kind: 'transformers',
    libraryPath: pathOf(peerPackages.transformers),
    runtimePath: pathOf(peerPackages.transformersRuntime),
    commonPath: pathOf(peerPackages.transformersCommon),
  } as const;
  return {...(await earshotChoice(one)), runner};
}
