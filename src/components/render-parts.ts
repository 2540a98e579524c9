import {html, nothing, type TemplateResult} from 'lit';
import type {SpeechError} from '../events/keyword-events.ts';
import type {SessionState} from '../events/session-state.ts';
import {errorText} from './error-text.ts';
import {renderIcon} from './icons.ts';
import {stateText} from './state-text.ts';

/** States in which a press of the button stops. */
const ON: ReadonlySet<SessionState['name']> = new Set(['loading', 'starting', 'listening', 'transcribing']);

/** Whether a session is on, or on the way there. */
export function isOn({name}: SessionState): boolean {
  return ON.has(name);
}

/** What is in the button: an icon and a word that say what a press does. */
export function renderButtonLabel(state: SessionState): TemplateResult {
  if (state.name === 'transcribing') return html`${renderIcon('stop')}<slot name="cancel">Cancel</slot>`;
  if (isOn(state)) return html`${renderIcon('stop')}<slot name="stop">Stop</slot>`;
  if (state.name === 'failed') return html`${renderIcon('retry')}<slot name="retry">Try again</slot>`;
  return html`${renderIcon('microphone')}<slot name="listen">Listen</slot>`;
}

/** The microphone's state in an icon and words; what went wrong is told by `renderError`. */
export function renderStatus(state: SessionState): TemplateResult {
  const {icon, text, hint} = stateText(state);
  const tone = icon === 'microphone' ? 'on' : icon === 'warning' ? 'warning' : '';
  const shown = state.name === 'failed' ? 'Not listening' : text;
  return html`
    <div id="status">
      <p part="status" class="status ${tone}">${renderIcon(icon)}<span>${shown}</span></p>
      ${hint === undefined || state.name === 'failed' ? nothing : html`<p part="hint" class="hint">${hint}</p>`}
    </div>
  `;
}

/** What is waited for, by the states in which something is. */
const PROGRESS_LABELS: {readonly [Name in SessionState['name']]?: string} = {
  loading: 'Loading the model',
  transcribing: 'Reading the file',
};

/**
 * Below the state: how far loading or reading a file is, else the level.
 * @param fraction 0…1; undefined where that is unknown.
 */
export function renderActivity({name}: SessionState, fraction: number | undefined): TemplateResult {
  const label = PROGRESS_LABELS[name];
  return label === undefined ? renderMeter() : renderProgress(label, fraction);
}

function renderProgress(label: string, fraction: number | undefined): TemplateResult {
  return html`<progress part="progress" aria-label=${label} max="1" value=${fraction ?? nothing}></progress>`;
}

/** The level meter: only for the eye, and moved by its style alone. */
function renderMeter(): TemplateResult {
  return html`<div part="meter" class="meter" aria-hidden="true">
    <div part="level" class="level"></div>
  </div>`;
}

/** What went wrong, what to do about it, and the exact words for whoever looks into it. */
export function renderError({code, message}: SpeechError): TemplateResult {
  const {what, remedy} = errorText(code);
  return html`
    <div part="error" class="error">
      <p><strong>${what}</strong></p>
      <p>${remedy}</p>
      <details>
        <summary>Details</summary>
        <code>${code}: ${message}</code>
      </details>
    </div>
  `;
}

/** One keyword; where it was just heard, not by colour alone. */
export function renderKeyword(keyword: string, isHeard: boolean): TemplateResult {
  return html`<li part=${isHeard ? 'keyword heard' : 'keyword'} class="keyword ${isHeard ? 'heard' : ''}">
    ${keyword}
  </li>`;
}
