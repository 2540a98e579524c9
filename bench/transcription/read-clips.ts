import {join} from 'node:path';
import {readUtteranceIndex, spreadEvenly} from '../../src/cli/data-index.ts';
import {readMono} from '../../test/support/recordings.ts';

/** An utterance that is read aloud. */
export interface ReadClip {
  /** At RATE_HZ. */
  readonly samples: Float32Array;
  /** What is read, in any case. */
  readonly text: string;
}

/** What is read in a folder with an index.jsonl: its utterances, or so many of them, spread evenly. */
export async function loadReadClips(folder: string, count = Infinity): Promise<readonly ReadClip[]> {
  const clips = spreadEvenly(await readUtteranceIndex(folder), count);
  return clips.map(({file, text}) => ({text, samples: readMono(join(folder, file))}));
}
