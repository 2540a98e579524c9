import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {
  KEYWORD_EVENT_NAMES,
  KwsErrorEvent,
  KwsStateEvent,
  type KwsDetectEvent,
} from '../events/keyword-events.ts';
import {KeywordSpotter} from '../session/keyword-spotter.ts';
import type {LoadedSystem} from '../session/spotter-options.ts';
import {optionalNumber, optionalText, optionalThreshold, textOr} from './attribute-converters.ts';
import {Highlights} from './highlights.ts';
import {kwsListenerStyle} from './kws-listener-style.ts';
import {keywordsOf, SETUP_PROPERTIES, setupOf} from './listener-setup.ts';
import {renderKeyword} from './render-parts.ts';
import type {SessionEvents} from './session-controller.ts';
import {reportMisuse, SessionElement} from './session-element.ts';
import {sessionStyle, themeStyle} from './session-style.ts';

const EVENTS: SessionEvents = {
  prefix: 'kws',
  names: KEYWORD_EVENT_NAMES,
  StateEvent: KwsStateEvent,
  ErrorEvent: KwsErrorEvent,
};

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
 * @fires {SessionAskEvent} kws-ask - More would be downloaded than may be unasked; a listener may answer by `respondWith`; bubbles, composed
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
 * @csspart question - What is asked before a large download, with its two buttons.
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
export class KwsListener extends SessionElement<KeywordSpotter> {
  static override shadowRootOptions: ShadowRootInit = {
    ...SessionElement.shadowRootOptions,
    delegatesFocus: true,
  };
  static override styles = [themeStyle('kws'), sessionStyle, kwsListenerStyle];
  static override properties = {
    model: {converter: textOr('earshot-kws')},
    keywords: {converter: textOr('')},
    threshold: {converter: optionalThreshold},
    compact: {type: Boolean, reflect: true},
    engine: {converter: optionalText},
    engineBudgetMs: {attribute: 'engine-budget-ms', converter: optionalNumber},
    incremental: {type: Boolean},
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
  /** Shows the button and the microphone's state only. Default false. */
  declare compact: boolean;
  /** Which engine runs the network, `auto` for the fastest on this device; the system's default where absent. */
  declare engine: 'auto' | 'integer' | 'onnx' | 'onnx-webgpu' | 'tfjs' | 'tfjs-webgpu' | undefined;
  /** What `auto` may add to the time of loading, milliseconds; 1500 where absent. */
  declare engineBudgetMs: number | undefined;
  /**
   * Lets each window take over what an earlier one computed, where that saves at least half of the work (of the systems
   * in the catalogue: `micronet-large`); answers change a little. Default false.
   */
  declare incremental: boolean;
  /** The page's own spotter; then every property above but `autostart`, `compact`, `threshold` and `source` is its. */
  declare spotter: KeywordSpotter | undefined;
  readonly #highlights = new Highlights(this);

  constructor() {
    super(EVENTS);
    this.model = 'earshot-kws';
    this.keywords = '';
    this.compact = false;
    this.incremental = false;
    this.addEventListener('kws-detect', this.#onDetect);
  }

  /** The threshold in force as a number, whatever asked for it; undefined before the first start. */
  get thresholdInForce(): number | undefined {
    return this.controller.session?.threshold;
  }

  /** What is loaded; undefined before the first start. */
  get info(): LoadedSystem | undefined {
    return this.controller.session?.info;
  }

  protected override createSession(): KeywordSpotter {
    const {systemId, ...options} = setupOf(this);
    return new KeywordSpotter(systemId, {...options, onAsk: this.ask});
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('spotter')) this.controller.use(this.spotter);
    if (this.hasUpdated) this.#applyChanges(changed);
  }

  protected override renderContent(): TemplateResult | typeof nothing {
    if (this.compact) return nothing;
    const keywords = this.spotter ? (this.info?.keywords ?? []) : keywordsOf(this);
    return html`<ul part="keywords" class="keywords" aria-label="Keywords">
      ${keywords.map((keyword) => renderKeyword(keyword, this.#highlights.has(keyword)))}
    </ul>`;
  }

  protected override contentStates(): readonly string[] {
    return this.#highlights.isAny ? ['heard'] : [];
  }

  #applyChanges(changed: PropertyValues<this>): void {
    if (!this.spotter && SETUP_PROPERTIES.some((name) => changed.has(name))) this.restart();
    else if (changed.has('threshold')) this.#applyThreshold();
  }

  #applyThreshold(): void {
    const {session} = this.controller;
    const threshold = this.threshold ?? session?.info?.defaultThreshold;
    if (threshold !== undefined) session?.setThreshold(threshold).catch(reportMisuse);
  }

  readonly #onDetect = ({keyword}: KwsDetectEvent): void => {
    this.#highlights.add(keyword);
    this.announcer.say(`Heard ${keyword}`);
  };
}
