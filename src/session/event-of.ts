import {KwsDetectEvent, KwsLevelEvent, KwsPosteriorsEvent, KwsStatsEvent} from '../events/keyword-events.ts';
import {
  SpeechEndEvent,
  SpeechStartEvent,
  TranscriptFinalEvent,
  TranscriptLevelEvent,
  TranscriptPartialEvent,
  TranscriptStatsEvent,
} from '../events/transcript-events.ts';
import type {KeywordFact, LoadedInfo} from '../protocol/messages.ts';
import type {FinalFact, PartialFact} from '../protocol/transcription-messages.ts';
import {SpeechError} from '../protocol/speech-error.ts';
import type {SessionFact} from './listening-session.ts';

/** The public event that tells what a keyword spotter's worker heard: sample indices become milliseconds. */
export function keywordEventOf(fact: SessionFact, info: LoadedInfo): Event {
  switch (fact.kind) {
    case 'keyword':
      return detectEvent(fact, info);
    case 'posteriors':
      return new KwsPosteriorsEvent({posteriors: fact.posteriors, time: toMs(fact.endSample, info)});
    case 'level':
      return new KwsLevelEvent({level: fact.rmsDb});
    case 'stats':
      return new KwsStatsEvent({stats: fact.stats});
    default:
      throw strayFact(fact, 'keyword spotter');
  }
}

/** The public event that tells what a transcriber's worker heard: sample indices become milliseconds. */
export function transcriptEventOf(fact: SessionFact, info: LoadedInfo): Event {
  switch (fact.kind) {
    case 'partial':
      return partialEvent(fact, info);
    case 'final':
      return finalEvent(fact, info);
    case 'speech-start':
      return new SpeechStartEvent({time: toMs(fact.sample, info)});
    case 'speech-end':
      return new SpeechEndEvent({time: toMs(fact.sample, info)});
    case 'level':
      return new TranscriptLevelEvent({level: fact.rmsDb});
    case 'stats':
      return new TranscriptStatsEvent({stats: fact.stats});
    default:
      throw strayFact(fact, 'transcriber');
  }
}

function detectEvent(fact: KeywordFact, info: LoadedInfo): KwsDetectEvent {
  const {keyword, score, threshold, latencyMs} = fact;
  return new KwsDetectEvent({
    keyword,
    score,
    threshold,
    latencyMs,
    startTime: toMs(fact.startSample, info),
    endTime: toMs(fact.endSample, info),
    engine: `${info.engine} ${info.numerics}`,
  });
}

function partialEvent(
  {text, stableLength, startSample}: PartialFact,
  info: LoadedInfo,
): TranscriptPartialEvent {
  const stableText = text.slice(0, stableLength);
  return new TranscriptPartialEvent({text, stableText, startTime: toMs(startSample, info)});
}

function finalEvent(fact: FinalFact, info: LoadedInfo): TranscriptFinalEvent {
  const words = fact.words.map(({text, confidence, startSample, endSample}) => ({
    text,
    confidence,
    startTime: toMs(startSample, info),
    endTime: toMs(endSample, info),
  }));
  const {text, confidence, startSample, endSample} = fact;
  return new TranscriptFinalEvent({
    text,
    words,
    confidence,
    startTime: toMs(startSample, info),
    endTime: toMs(endSample, info),
  });
}

function toMs(sample: number, {modelRateHz}: LoadedInfo): number {
  return (sample * 1000) / modelRateHz;
}

function strayFact({kind}: SessionFact, session: string): SpeechError {
  return new SpeechError('internal', `got a ${kind} from the worker of a ${session}, expected what it hears`);
}
