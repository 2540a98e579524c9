import {html, LitElement, nothing, type PropertyValues, type TemplateResult} from 'lit';
import type {KwsDetectEvent, KwsProgressEvent, SpeechError} from '../events/keyword-events.ts';
import type {SessionState} from '../events/session-state.ts';
import type {KeywordSpotter} from '../session/keyword-spotter.ts';
import type {AudioSource} from '../session/listening-run.ts';
import type {LoadedSystem} from '../session/spotter-options.ts';
import {Announcer} from './announcer.ts';
import {optionalNumber, optionalText, optionalThreshold, textOr} from './attribute-converters.ts';
import {setCustomStates} from './custom-states.ts';
import {Highlights} from './highlights.ts';
import {kwsListenerStyle} from './kws-listener-style.ts';
import {LevelMeter} from './level-meter.ts';
import {keywordsOf, SETUP_PROPERTIES, setupOf} from './listener-setup.ts';
import {
  isOn,
  renderButtonLabel,
  renderError,
  renderKeyword,
  renderMeter,
  renderProgress,
  renderStatus,
} from './render-parts.ts';
import {SpotterController} from './spotter-controller.ts';
import {stateAnnouncement} from './state-text.ts';

/**
 * Hears keywords on the visitor's own device, and tells the page by events.
 *
 * @summary A button that listens, the state of the microphone, and the keywords that light up as they are heard.
 *
 * @slot - Shown below the keywords.
 * @slot listen - The button's word while the microphone is off.
 * @slot stop - The button's word while it listens.
 * @slot retry - The button's word after an error.
 *
 * @fires {KwsDetectEvent} kws-detect - A keyword was heard, once per utterance; bubbles, composed
 * @fires {KwsStateEvent} kws-state - The session's state changed; bubbles, composed
 * @fires {KwsProgressEvent} kws-progress - How far loading is; bubbles, composed
 * @fires {KwsStatsEvent} kws-stats - Counters, once a second; bubbles, composed
 * @fires {KwsPosteriorsEvent} kws-posteriors - One window's posteriors; bubbles, composed
 * @fires {KwsLevelEvent} kws-level - Loudness of the newest sound; bubbles, composed
 * @fires {KwsErrorEvent} kws-error - What made loading or listening fail; bubbles, composed
 *
 * @csspart base - Everything; a column.
 * @csspart controls - The row of button and status.
 * @csspart button - The button that listens and stops.
 * @csspart status - The microphone's state: an icon and words.
 * @csspart hint - What the visitor can do about that state.
 * @csspart meter - The level meter's track.
 * @csspart level - The level meter's bar.
 * @csspart progress - How far loading is.
 * @csspart keywords - The list of keywords.
 * @csspart keyword - One keyword; has the part `heard` as well while it is lit.
 * @csspart heard - A keyword that was just heard.
 * @csspart unverified - The mark of weights that no card lists.
 * @csspart error - What went wrong, and what to do.
 *
 * @cssprop --kws-accent - Colour of the button, the level and heard keywords.
 * @cssprop --kws-on-accent - Colour of text on the accent.
 * @cssprop --kws-danger - Colour of errors and warnings.
 * @cssprop --kws-line - Colour of borders.
 * @cssprop --kws-tint - Colour of faint backgrounds.
 * @cssprop --kws-radius - Roundness of boxes.
 * @cssprop --kws-level - Set by the element for its parts: the loudness now, 0 to 1 of the meter's scale.
 *
 * @cssState idle - Nothing is loaded.
 * @cssState loading - The model is being loaded.
 * @cssState ready - Loaded, the microphone is closed.
 * @cssState starting - Waiting for the microphone.
 * @cssState listening - Listening.
 * @cssState stopping - On the way from listening to ready.
 * @cssState failed - An error ended loading or listening.
 * @cssState muted - Listening, but the device or the system muted the microphone.
 * @cssState suspended - Listening, but the browser waits for a click on the page.
 * @cssState interrupted - Listening, but something else has the microphone.
 * @cssState heard - A keyword is lit.
 * @cssState unverified - Weights that no card lists are loaded.
 */
export class KwsListener extends LitElement {
  static override shadowRootOptions: ShadowRootInit = {...LitElement.shadowRootOptions, delegatesFocus: true};
  static override styles = kwsListenerStyle;
  static override properties = {
    model: {converter: textOr('earshot-kws')},
    keywords: {converter: textOr('')},
    threshold: {converter: optionalThreshold},
    autostart: {type: Boolean},
    compact: {type: Boolean, reflect: true},
    assetBase: {attribute: 'asset-base', converter: optionalText},
    engine: {converter: optionalText},
    engineBudgetMs: {attribute: 'engine-budget-ms', converter: optionalNumber},
    numerics: {converter: optionalText},
    threadCount: {attribute: 'thread-count', converter: optionalNumber},
    incremental: {type: Boolean},
    weights: {attribute: false},
    allowUnverified: {type: Boolean, attribute: 'allow-unverified'},
    source: {attribute: false},
    spotter: {attribute: false},
  };
  /** Which keyword-spotting system listens. */
  declare model: string;
  /** Keywords to report, separated by spaces; all that the system knows where empty. */
  declare keywords: string;
  /**
   * Smoothed posterior at which a keyword is reported, 0.01…1, or `auto:<rate>/h`: the one with the fewest misses among
   * those on the card's operating curve with at most this many false accepts an hour. The system's own where absent.
   * Live.
   */
  declare threshold: number | `auto:${number}/h` | undefined;
  /** Listens as soon as the element is in the document, without a click. Default false. */
  declare autostart: boolean;
  /** Shows the button and the microphone's state only. Default false. */
  declare compact: boolean;
  /** Folder that holds worker, worklet, WebAssembly and models; the one of this script where absent. */
  declare assetBase: string | undefined;
  /** Which engine runs the network, `auto` for the fastest on this device; the system's default where absent. */
  declare engine: 'auto' | 'integer' | 'onnx' | 'onnx-webgpu' | 'tfjs' | 'tfjs-webgpu' | undefined;
  /** What `auto` may add to the time of loading, milliseconds; 1500 where absent. */
  declare engineBudgetMs: number | undefined;
  /** How the network computes; the system's default where absent. */
  declare numerics: 'int8-exact' | 'float32' | undefined;
  /** Threads that `onnx` may run the network on, 1…64, where the page is cross-origin isolated; 1 where absent. */
  declare threadCount: number | undefined;
  /**
   * Lets each window take over what an earlier one computed, where that saves at least half of the work (of the systems
   * in the catalogue: `micronet-large`); answers change a little. Default false.
   */
  declare incremental: boolean;
  /** The visitor's own weights file; the built-in weights where absent. */
  declare weights: Blob | undefined;
  /** Runs weights that no card lists, and marks them as unverified. Default false. */
  declare allowUnverified: boolean;
  /** What the button listens to, from the next start on; the visitor's default microphone where absent. */
  declare source: AudioSource | undefined;
  /** The page's own spotter; then every property above but `autostart`, `compact`, `threshold` and `source` is its. */
  declare spotter: KeywordSpotter | undefined;
  #progress: number | undefined; // of loading, 0…1, where known
  readonly #internals = this.attachInternals();
  readonly #controller = new SpotterController(this, () => setupOf(this));
  readonly #highlights = new Highlights(this);
  readonly #announcer: Announcer = new Announcer(this, () => this.renderRoot.querySelector('.announcements'));
  readonly #meter = new LevelMeter((level) => {
    this.#showLevel(level);
  });

  constructor() {
    super();
    this.model = 'earshot-kws';
    this.keywords = '';
    this.autostart = false;
    this.compact = false;
    this.allowUnverified = false;
    this.incremental = false;
    this.addEventListener('kws-detect', this.#onDetect);
    this.addEventListener('kws-progress', this.#onProgress);
    this.addEventListener('kws-level', ({level}) => {
      this.#meter.push(level);
    });
    this.addEventListener('kws-state', ({state}) => {
      this.#onState(state);
    });
  }

  /** Where the session is. */
  get state(): SessionState {
    return this.#controller.state;
  }

  /** The threshold in force as a number, whatever asked for it; undefined before the first start. */
  get thresholdInForce(): number | undefined {
    return this.#controller.spotter?.threshold;
  }

  /** What is loaded; undefined before the first start. */
  get info(): LoadedSystem | undefined {
    return this.#controller.spotter?.info;
  }

  /**
   * Starts listening.
   * @throws SpeechError, also told by `kws-error`; AbortError where stopped meanwhile; RangeError for an option out of
   * its range.
   */
  async start(source: AudioSource | undefined = this.source): Promise<void> {
    await this.#controller.start(source);
  }

  /** Stops listening and releases the microphone at once. */
  async stop(): Promise<void> {
    await this.#controller.stop();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#autostart();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#meter.reset();
  }

  protected override firstUpdated(): void {
    this.#autostart();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('spotter')) this.#controller.use(this.spotter);
    if (this.hasUpdated) this.#applyChanges(changed);
    setCustomStates(this.#internals, this.#customStates());
  }

  protected override render(): TemplateResult {
    const {state} = this;
    return html`
      <div part="base" class="base ${state.name}">
        <div part="controls" class="controls">
          <button
            part="button"
            type="button"
            class=${isOn(state) ? 'on' : ''}
            aria-describedby="status"
            @click=${this.#toggle}
          >
            ${renderButtonLabel(state)}
          </button>
          <div class="side">
            ${renderStatus(state)}
            ${state.name === 'loading' ? renderProgress(this.#progress) : renderMeter()}
          </div>
        </div>
        ${state.name === 'failed' ? renderError(state.error) : nothing}
        ${
          this.info?.weights.verified === false
            ? html`<p part="unverified" class="unverified">Unverified model file</p>`
            : nothing
        }
        ${this.compact ? nothing : this.#renderKeywords()}
        <slot></slot>
        <div class="announcements" role="log" aria-label="Heard"></div>
      </div>
    `;
  }

  #renderKeywords(): TemplateResult {
    const keywords = this.spotter ? (this.info?.keywords ?? []) : keywordsOf(this);
    return html`<ul part="keywords" class="keywords" aria-label="Keywords">
      ${keywords.map((keyword) => renderKeyword(keyword, this.#highlights.has(keyword)))}
    </ul>`;
  }

  #applyChanges(changed: PropertyValues<this>): void {
    if (!this.spotter && SETUP_PROPERTIES.some((name) => changed.has(name))) this.#restart();
    else if (changed.has('threshold')) this.#applyThreshold();
  }

  #applyThreshold(): void {
    const {spotter} = this.#controller;
    const threshold = this.threshold ?? spotter?.info?.defaultThreshold;
    if (threshold !== undefined) spotter?.setThreshold(threshold).catch(reportMisuse);
  }

  /** The page's own spotter may be on already. */
  #autostart(): void {
    if (this.autostart && !isOn(this.state)) this.#toggle();
  }

  /** By hand or autostart: nobody waits for the promise, and `kws-error` tells what goes wrong. */
  #toggle(): void {
    const {name} = this.state;
    if (name === 'stopping' || name === 'disposed') return;
    const done = isOn(this.state) ? this.stop() : this.start();
    done.catch(reportMisuse);
  }

  /** A changed setup takes effect at once: what listened goes on listening with it. */
  #restart(): void {
    const wasOn = isOn(this.state);
    this.#controller.reset();
    if (wasOn) this.#toggle();
  }

  readonly #onDetect = ({keyword}: KwsDetectEvent): void => {
    this.#highlights.add(keyword);
    this.#announcer.say(`Heard ${keyword}`);
  };

  readonly #onProgress = ({phase, loaded, total}: KwsProgressEvent): void => {
    this.#progress = phase === 'download' && total > 0 ? loaded / total : undefined;
    this.requestUpdate();
  };

  #onState(state: SessionState): void {
    if (state.name !== 'listening') this.#meter.reset();
    if (state.name === 'loading') this.#progress = undefined;
    const announcement = stateAnnouncement(state);
    if (announcement !== undefined) this.#announcer.say(announcement);
  }

  /** Straight to the style sheet's variable: levels never make Lit render. */
  #showLevel(level: number): void {
    const base = this.renderRoot.querySelector<HTMLElement>('.base');
    base?.style.setProperty('--kws-level', level.toFixed(3));
  }

  #customStates(): ReadonlySet<string> {
    const {state} = this;
    const states = new Set<string>([state.name]);
    if (state.name === 'listening' && state.microphone !== 'live') states.add(state.microphone);
    if (this.#highlights.isAny) states.add('heard');
    if (this.info?.weights.verified === false) states.add('unverified');
    return states;
  }
}

/** What has a code is shown by the element and told by `kws-error`; what is left is a mistake of the page. */
function reportMisuse(error: unknown): void {
  const isTold = (error as SpeechError).name === 'SpeechError' || (error as Error).name === 'AbortError';
  if (!isTold) reportError(error);
}
