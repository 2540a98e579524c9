import {html, LitElement, nothing, type PropertyValues, type TemplateResult} from 'lit';
import type {KwsDetectEvent} from '../events/keyword-events.ts';
import type {SessionState} from '../events/session-state.ts';
import type {LoadedSystem} from '../session/keyword-spotter.ts';
import type {AudioSource} from '../session/listening-run.ts';
import {SpotterController, type SpotterSetup} from './spotter-controller.ts';

/** States in which a press of the button stops. */
const ON: ReadonlySet<SessionState['name']> = new Set(['loading', 'starting', 'listening']);

const STATUS_TEXT: {readonly [Name in SessionState['name']]: string} = {
  idle: 'Microphone off',
  loading: 'Loading…',
  ready: 'Microphone off',
  starting: 'Waiting for the microphone…',
  listening: 'Listening',
  stopping: 'Stopping…',
  failed: 'Stopped by an error',
  disposed: 'Microphone off',
};

/** How long a heard keyword stays lit. */
const HIGHLIGHT_MS = 1500;

/** Properties that need a new spotter when they change. */
const SETUP_PROPERTIES = [
  'model',
  'keywords',
  'assetBase',
  'weights',
  'allowUnverified',
  'engine',
  'numerics',
] as const satisfies readonly (keyof KwsListener)[];

/**
 * Hears keywords on the visitor's own device.
 *
 * @summary A button that listens, and the keywords that light up as they are heard.
 * @fires kws-detect {KwsDetectEvent} a keyword was heard; bubbles, composed
 * @fires kws-state {KwsStateEvent} the session's state changed; bubbles, composed
 * @fires kws-progress {KwsProgressEvent} how far loading is; bubbles, composed
 * @fires kws-stats {KwsStatsEvent} counters, once a second; bubbles, composed
 * @fires kws-posteriors {KwsPosteriorsEvent} one window's posteriors; bubbles, composed
 * @fires kws-level {KwsLevelEvent} loudness of the newest sound; bubbles, composed
 * @fires kws-error {KwsErrorEvent} what made loading or listening fail; bubbles, composed
 */
export class KwsListener extends LitElement {
  static override properties = {
    model: {},
    keywords: {},
    threshold: {type: Number},
    autostart: {type: Boolean},
    assetBase: {attribute: 'asset-base'},
    engine: {},
    numerics: {},
    weights: {attribute: false},
    allowUnverified: {type: Boolean, attribute: 'allow-unverified'},
    lit: {state: true},
  };
  declare model: string;
  declare keywords: string;
  declare threshold: number | undefined;
  declare autostart: boolean;
  declare assetBase: string | undefined;
  declare engine: 'onnx' | 'tfjs' | undefined;
  declare numerics: 'int8-exact' | 'float32' | undefined;
  declare weights: Blob | undefined;
  declare allowUnverified: boolean;
  /** Keyword that is lit at the moment. */
  declare protected lit: string | undefined;
  readonly #controller = new SpotterController(this, () => this.#setup());
  #highlightTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.model = 'earshot-kws';
    this.keywords = '';
    this.autostart = false;
    this.allowUnverified = false;
  }

  /** Where the session is. */
  get state(): SessionState {
    return this.#controller.state;
  }

  /** What is loaded; undefined before the first start. */
  get info(): LoadedSystem | undefined {
    return this.#controller.spotter?.info;
  }

  /**
   * Starts listening.
   * @throws SpeechError, also told by `kws-error`; AbortError where stopped meanwhile.
   */
  async start(source?: AudioSource): Promise<void> {
    await this.#controller.start(source);
  }

  /** Stops listening and releases the microphone at once. */
  async stop(): Promise<void> {
    await this.#controller.stop();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#highlightTimer);
    this.lit = undefined;
  }

  protected override firstUpdated(): void {
    this.addEventListener('kws-detect', (event) => {
      this.#highlight(event);
    });
    if (this.autostart) this.#toggle();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated) return;
    if (SETUP_PROPERTIES.some((name) => changed.has(name))) this.#restart();
    if (changed.has('threshold') && this.threshold !== undefined) {
      void this.#controller.spotter?.setThreshold(this.threshold);
    }
  }

  protected override render(): TemplateResult {
    const {state} = this.#controller;
    const isOn = ON.has(state.name);
    return html`
      <button part="button" aria-pressed=${isOn ? 'true' : 'false'} @click=${this.#toggle}>Listen</button>
      <span part="status">${statusText(state)}</span>
      <ul part="keywords">
        ${this.#keywordList().map(
          (keyword) => html`<li part=${keyword === this.lit ? 'keyword heard' : 'keyword'}>${keyword}</li>`,
        )}
      </ul>
      <p part="announcement" role="status">${this.lit === undefined ? nothing : `Heard ${this.lit}`}</p>
    `;
  }

  #keywordList(): readonly string[] {
    const asked = splitWords(this.keywords);
    return asked.length > 0 ? asked : (this.info?.keywords ?? []);
  }

  #setup(): SpotterSetup {
    const keywords = splitWords(this.keywords);
    const {threshold, assetBase, engine, numerics, weights, allowUnverified} = this;
    return {
      systemId: this.model,
      allowUnverified,
      ...(keywords.length > 0 && {keywords}),
      ...(threshold !== undefined && {threshold}),
      ...(assetBase !== undefined && {assetBase}),
      ...(engine !== undefined && {engine}),
      ...(numerics !== undefined && {numerics}),
      ...(weights !== undefined && {weights}),
    };
  }

  /** By hand or autostart: nobody waits for the promise, and `kws-error` tells what goes wrong. */
  #toggle(): void {
    const done = ON.has(this.state.name) ? this.stop() : this.start();
    done.catch(() => {
      this.requestUpdate();
    });
  }

  /** A changed setup takes effect at once: what listened goes on listening with it. */
  #restart(): void {
    const wasOn = ON.has(this.state.name);
    this.#controller.reset();
    if (wasOn) this.#toggle();
  }

  #highlight({keyword}: KwsDetectEvent): void {
    clearTimeout(this.#highlightTimer);
    this.lit = keyword;
    this.#highlightTimer = setTimeout(() => {
      this.lit = undefined;
    }, HIGHLIGHT_MS);
  }
}

function splitWords(words: string): readonly string[] {
  return words.split(/\s+/).filter(Boolean);
}

function statusText(state: SessionState): string {
  if (state.name === 'failed') return `Stopped: ${state.error.message}`;
  if (state.name === 'listening' && state.microphone !== 'live') return `Microphone ${state.microphone}`;
  return STATUS_TEXT[state.name];
}
