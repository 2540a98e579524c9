import type {Row} from '../measurement.ts';
import {pairedRow} from './paired-row.ts';
import {earshotChoice, titleOf, transformersChoice, type LargeCase} from './speech-choices.ts';
import {openSpeechPage, type SpeechPage} from './speech-page.ts';

/** Lengths of audio. */
const SECONDS = [1, 5, 10, 30];
/** Thirty seconds of audio may take as long, so there are fewer rounds. */
const MOST_ROUNDS = 5;

/** Milliseconds of each round, and of the peer's in the same round. */
interface Timed {
  readonly ours: number[];
  readonly peers: number[];
}

/** Real-time factors at every length, side by side with the peer's where it has one. */
export async function timeCase(one: LargeCase, rounds: number): Promise<readonly Row[]> {
  const page = await openSpeechPage();
  try {
    await page.open('ours', await earshotChoice(one));
    const peer = await transformersChoice(one);
    if (peer) await page.open('peer', peer);
    const rows: Row[] = [];
    for (const seconds of SECONDS) {
      const timed = await timeLength(page, seconds, {rounds: Math.min(rounds, MOST_ROUNDS), hasPeer: !!peer});
      const factors = (values: readonly number[]): readonly number[] =>
        values.map((ms) => ms / 1000 / seconds);
      rows.push(
        pairedRow({
          name: `${titleOf(one)}: ${seconds} s`,
          unit: 'of real time',
          ours: factors(timed.ours),
          peers: factors(timed.peers),
        }),
      );
    }
    return rows;
  } finally {
    await page.close();
  }
}

/** By turns, and nobody always first; a run of each before that, in which memory grows to this length. */
async function timeLength(
  page: SpeechPage,
  seconds: number,
  {rounds, hasPeer}: {readonly rounds: number; readonly hasPeer: boolean},
): Promise<Timed> {
  const timed: Timed = {ours: [], peers: []};
  const texts = new Set<string>();
  for (let round = -1; round < rounds; round++) {
    const names = hasPeer ? ['ours', 'peer'] : ['ours'];
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const {ms, text} = await page.transcribe(name, seconds);
      texts.add(text);
      if (round >= 0) (name === 'ours' ? timed.ours : timed.peers).push(ms);
    }
  }
  if (texts.size > 1) console.log(`  ${seconds} s: texts differ: ${[...texts].join(' | ').slice(0, 200)}`);
  return timed;
}
