import type {AcousticNetwork} from '../../src/pipeline/acoustic-network.ts';

/** What a network gave for one utterance. */
export interface AcousticRun {
  /** Before the end where it gives previews, else all of it. */
  readonly before: number[];
  /** What is given anew at the end. */
  readonly anew: number[];
}

/** Everything a network gives for samples that come in pieces. */
export async function runAcousticNetwork(
  network: AcousticNetwork,
  samples: Float32Array,
  pieceLength = samples.length,
): Promise<AcousticRun> {
  const run: AcousticRun = {before: [], anew: []};
  const take = async (): Promise<void> => {
    for (;;) {
      const output = await network.nextLogProbs();
      if (!output) return;
      (output.isAnew ? run.anew : run.before).push(...output.logProbs);
    }
  };
  network.begin();
  for (let start = 0; start < samples.length; start += pieceLength) {
    network.push(samples.subarray(start, start + pieceLength));
    await take();
  }
  network.finish();
  await take();
  return run;
}
