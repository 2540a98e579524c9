import type {TranscriptionSystem} from './transcription-system.ts';

/** How each system's room is loaded: dynamic imports, so that a page loads only the system it runs. */
const loaders: Readonly<Record<string, () => Promise<TranscriptionSystem>>> = {
  'earshot-ctc': async () => (await import('./earshot-ctc/system.ts')).system,
  wav2letter: async () => (await import('./wav2letter/system.ts')).system,
  'wav2vec2-base': async () => (await import('./wav2vec2-base/system.ts')).system,
  deepspeech2: async () => (await import('./deepspeech2/system.ts')).system,
};

/** Ids of the transcription systems that `findTranscriptionSystem` can load. */
export const transcriptionSystemIds: readonly string[] = Object.keys(loaders);

/**
 * Loads the transcription system with this id: front end, graph source, labels. Any thread.
 * @throws RangeError where no transcription system has this id; the message lists those there are.
 */
export async function findTranscriptionSystem(id: string): Promise<TranscriptionSystem> {
  const load = Object.hasOwn(loaders, id) ? loaders[id] : undefined;
  if (load) return await load();
  throw new RangeError(
    `got transcription system "${id}", expected one of: ${transcriptionSystemIds.join(', ')}`,
  );
}
