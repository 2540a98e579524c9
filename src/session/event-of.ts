import {KwsDetectEvent, KwsLevelEvent, KwsPosteriorsEvent, KwsStatsEvent} from '../events/keyword-events.ts';
import {assertNever} from '../protocol/assert-never.ts';
import type {KeywordFact, ListeningFact, LoadReply} from '../protocol/messages.ts';

/** The public event that tells a fact: sample indices become milliseconds. */
export function eventOf(fact: ListeningFact, info: LoadReply): Event {
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
      return assertNever(fact);
  }
}

function detectEvent(fact: KeywordFact, info: LoadReply): KwsDetectEvent {
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

function toMs(sample: number, {modelRateHz}: LoadReply): number {
  return (sample * 1000) / modelRateHz;
}
