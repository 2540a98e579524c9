import type {KwsListener} from '../elements.ts';
import {keywordSystems, type ListeningStats} from '../index.ts';
import {find} from './find.ts';
import {formatCount} from './format.ts';
import {loadedTerms} from './loaded-terms.ts';
import {showTerms} from './terms.ts';
import {titleOf} from './title-of.ts';

const NO_STATS: ListeningStats = {
  processedSamples: 0,
  droppedSamples: 0,
  overrunSamples: 0,
  inferenceCount: 0,
  realTimeFactor: 0,
  hopMs: 0,
};

/**
 * Shows what runs and how it keeps up.
 * @returns shows it again, after a change that no event tells.
 */
export function connectDetails(listener: KwsListener): () => void {
  const running = find('#running', HTMLDListElement);
  const stats = find('#stats', HTMLDListElement);
  const showRunning = (): void => showTerms(running, runningTerms(listener));
  showRunning();
  showTerms(stats, statsTerms(NO_STATS));
  listener.addEventListener('kws-state', showRunning);
  listener.addEventListener('kws-stats', (event) => {
    showTerms(stats, statsTerms(event.stats));
    showRunning(); // a lost GPU changes the engine while listening
  });
  return showRunning;
}

function runningTerms({info, model}: KwsListener): Readonly<Record<string, string>> {
  const title = titleOf(keywordSystems, model);
  return info ? {System: title, ...loadedTerms(info)} : {System: title, State: 'not loaded yet'};
}

function statsTerms(stats: ListeningStats): Readonly<Record<string, string>> {
  return {
    'Real-time factor': stats.realTimeFactor.toFixed(3),
    'Step between windows': `${stats.hopMs.toFixed(0)} ms`,
    Inferences: formatCount(stats.inferenceCount),
    'Processed samples': formatCount(stats.processedSamples),
    'Dropped samples': formatCount(stats.droppedSamples),
    'Overrun samples': formatCount(stats.overrunSamples),
  };
}
