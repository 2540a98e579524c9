import type {KwsListener} from '../elements.ts';
import {keywordSystems, type ListeningStats, type LoadedSystem} from '../index.ts';
import {find} from './find.ts';
import {formatCount} from './format.ts';
import {showTerms} from './terms.ts';

const ENGINES = {
  integer: 'Earshot’s own',
  onnx: 'ONNX Runtime',
  'onnx-webgpu': 'ONNX Runtime, WebGPU',
  tfjs: 'TensorFlow.js',
  'tfjs-webgpu': 'TensorFlow.js, WebGPU',
} as const;

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
  const title = titleOf(model);
  return info ? {System: title, ...loadedTerms(info)} : {System: title, State: 'not loaded yet'};
}

function loadedTerms({
  engine,
  fallbackReason,
  numerics,
  threadCount,
  weights,
  chosenBecause,
  incremental,
}: LoadedSystem): Readonly<Record<string, string>> {
  const {what, verified, sha256} = weights;
  return {
    Weights: verified ? what : `UNVERIFIED: ${what}`,
    'SHA-256': sha256,
    Engine: ENGINES[engine],
    ...(fallbackReason !== undefined && {'Engine changed': fallbackReason}),
    Numerics: numerics,
    Threads: formatCount(threadCount),
    Why: chosenBecause.text,
    ...(incremental && {Incremental: incremental.text}),
  };
}

/** What people call a system. */
export function titleOf(systemId: string): string {
  return keywordSystems.find(({id}) => id === systemId)?.title ?? systemId;
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
