import {html, nothing, type TemplateResult} from 'lit';
import type {TranscriptPartialEvent} from '../events/transcript-events.ts';
import type {TranscriptUtterance, TranscriptWord} from '../transcript/transcript.ts';
import {clockTime} from './clock-time.ts';

/** How utterances are shown. */
export interface TranscriptLook {
  /** Whether each shows when it began. */
  readonly hasTimestamps: boolean;
  /** Confidence below which a word is marked, 0…1. */
  readonly confidenceThreshold: number;
}

/** One utterance: a paragraph. */
export function renderUtterance(
  {text, words, startTime}: TranscriptUtterance,
  {hasTimestamps, confidenceThreshold}: TranscriptLook,
): TemplateResult {
  const isSure = words.every(({confidence}) => !(confidence < confidenceThreshold));
  const said = isSure ? text : words.map((word) => renderWord(word, confidenceThreshold));
  return html`<p part="utterance" class="utterance">
    ${hasTimestamps ? renderTime(startTime) : nothing}${said}
  </p>`;
}

/**
 * What seems to be said, while it may still change: hidden from assistive tech, which is told the final text.
 */
export function renderPartial({
  text,
  stableText,
}: Pick<TranscriptPartialEvent, 'text' | 'stableText'>): TemplateResult {
  const rest = text.slice(stableText.length);
  return html`<p part="partial" class="partial" aria-hidden="true">
    <span part="stable">${stableText}</span><span part="unstable" class="unstable">${rest}</span>
  </p>`;
}

/** The underline and the title are for the eye; the style adds words for whoever listens, which are never copied. */
function renderWord({text, confidence}: TranscriptWord, threshold: number): TemplateResult | string {
  if (!(confidence < threshold)) return `${text} `;
  const title = `Unsure: ${(confidence * 100).toFixed(0)} %`;
  return html`<u part="unsure" class="unsure" title=${title}>${text}</u> `;
}

function renderTime(timeMs: number): TemplateResult {
  const duration = `PT${(timeMs / 1000).toFixed(1)}S`;
  return html`<time part="time" class="time" datetime=${duration}>${clockTime(timeMs)}</time> `;
}
