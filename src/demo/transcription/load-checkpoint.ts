import type {LiveTranscript} from '../../elements.ts';
import {transcriptionSystems} from '../../index.ts';

/**
 * Makes a model ready that is imported from a checkpoint, as soon as it is chosen: that takes a while, and whoever begins
 * to speak should not wait for it. How it goes is told by the element.
 */
export async function loadCheckpoint(element: LiveTranscript): Promise<void> {
  const card = transcriptionSystems.find(({id}) => id === element.model);
  if (card?.weights.format !== 'torch') return;
  await element.updateComplete; // until then the element may still have the model before
  if (element.state.name !== 'idle' && element.state.name !== 'failed') return; // it listens on, and loads for that
  try {
    await element.load();
  } catch (error) {
    const {name} = error as Error;
    if (name !== 'SpeechError' && name !== 'AbortError') reportError(error);
  }
}
