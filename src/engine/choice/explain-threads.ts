import type {ChosenBecause} from '../../protocol/engine-choice.ts';
import {allotThreads} from '../allot-threads.ts';
import type {Model} from '../engine.ts';

/** The reason for a model, with a sentence more where it runs on fewer threads than the page asked for. */
export function explainThreads(
  because: ChosenBecause,
  {engine, threadCount}: Pick<Model, 'engine' | 'threadCount'>,
  askedCount = 1,
): ChosenBecause {
  if (threadCount >= askedCount) return because;
  const {shortfall} = allotThreads(engine, askedCount);
  const why = shortfall === undefined ? '' : `: ${shortfall}`;
  const text = `${because.text} On ${threadCount} of the ${askedCount} threads asked for${why}.`;
  return {...because, text};
}
