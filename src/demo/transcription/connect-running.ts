import type {LiveTranscript} from '../../elements.ts';
import {transcriptionSystems, type ListeningStats} from '../../index.ts';
import {AudioClock} from '../audio-clock.ts';
import {find} from '../find.ts';
import {formatCount} from '../format.ts';
import {loadedTerms} from '../loaded-terms.ts';
import {showTerms} from '../terms.ts';
import {titleOf} from '../title-of.ts';

/**
 * Shows what transcribes, and how it keeps up while it listens.
 * @returns shows it again, after a change that no event tells.
 */
export function connectRunning(element: LiveTranscript): () => void {
  const running = find('#transcriber-running', HTMLDListElement);
  const speed = find('#transcriber-speed', HTMLDListElement);
  const clock = new AudioClock();
  let stats: ListeningStats | undefined; // of the newest second of listening
  let latencyMs: number | undefined; // of the newest utterance that was spoken
  const show = (): void => {
    showTerms(running, systemTerms(element));
    showTerms(speed, speedTerms(stats, latencyMs));
  };
  element.addEventListener('transcript-state', ({state}) => {
    if (state.name === 'starting') {
      clock.reset();
      stats = undefined;
      latencyMs = undefined;
    }
    show();
  });
  element.addEventListener('transcript-stats', (event) => {
    const {info} = element;
    stats = event.stats;
    if (info) clock.observe((stats.processedSamples / info.modelRateHz) * 1000, performance.now());
    show();
  });
  element.addEventListener('transcript-final', ({endTime}) => {
    if (element.state.name !== 'listening' || !stats) return; // a recording is read faster than it was spoken
    latencyMs = Math.max(0, clock.at(performance.now()) - endTime);
    show();
  });
  show();
  return show;
}

function systemTerms({info, model}: LiveTranscript): Readonly<Record<string, string>> {
  const System = titleOf(transcriptionSystems, model);
  if (!info) return {System, State: 'not loaded yet'};
  const {languageModelWords, leftOutWords} = info;
  const leftOut = leftOutWords === 0 ? '' : `, ${formatCount(leftOutWords)} of them without pronunciation`;
  return {
    System,
    ...loadedTerms(info),
    'Language model':
      languageModelWords === 0 ? 'none' : `${formatCount(languageModelWords)} words${leftOut}`,
  };
}

function speedTerms(
  stats: ListeningStats | undefined,
  latencyMs: number | undefined,
): Readonly<Record<string, string>> {
  return {
    'Real-time factor': stats ? stats.realTimeFactor.toFixed(3) : '–',
    'Latency of the newest text': latencyMs === undefined ? '–' : `${(latencyMs / 1000).toFixed(1)} s`,
    'Dropped samples': stats ? formatCount(stats.droppedSamples) : '–',
  };
}
