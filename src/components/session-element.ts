import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type {DownloadQuestion, SessionProgressEvent} from '../events/session-events.ts';
import type {SessionState} from '../events/session-state.ts';
import type {AudioSource} from '../session/listening-run.ts';
import {Announcer} from './announcer.ts';
import {askVisitor} from './ask-visitor.ts';
import {optionalNumber, optionalText} from './attribute-converters.ts';
import {setCustomStates} from './custom-states.ts';
import {LevelMeter} from './level-meter.ts';
import {isOn, renderActivity, renderButtonLabel, renderError, renderStatus} from './render-parts.ts';
import {isFailure, SessionController, type Session, type SessionEvents} from './session-controller.ts';
import {stateAnnouncement} from './state-text.ts';

/**
 * What every element with a session shows and does alike: the button, the state of the microphone, the level, loading,
 * errors; one session, made anew when what it is made from changes. What it heard is the subclass's to show.
 */
export abstract class SessionElement<Kind extends Session> extends LitElement {
  static override properties: PropertyDeclarations = {
    autostart: {type: Boolean},
    assetBase: {attribute: 'asset-base', converter: optionalText},
    mirror: {converter: optionalText},
    askAbove: {attribute: 'ask-above', converter: optionalNumber},
    numerics: {converter: optionalText},
    threadCount: {attribute: 'thread-count', converter: optionalNumber},
    weights: {attribute: false},
    allowUnverified: {type: Boolean, attribute: 'allow-unverified'},
    source: {attribute: false},
  };
  /** Listens as soon as the element is in the document, without a click. Default false. */
  declare autostart: boolean;
  /** Folder that holds worker, worklet, WebAssembly and models; the one of this script where absent. */
  declare assetBase: string | undefined;
  /** Folder of models of the site's own, asked first; published models come from their publishers where absent. */
  declare mirror: string | undefined;
  /**
   * Megabytes above which the visitor is asked before a download; any number is downloaded unasked where absent. For a
   * visitor who has asked the browser to save data it is 1 at most. A listener of the ask event may answer instead.
   */
  declare askAbove: number | undefined;
  /** How the network computes; the system's default where absent. */
  declare numerics: 'int8-exact' | 'float32' | undefined;
  /** Threads that `onnx` may run the network on, 1…64, where the page is cross-origin isolated; 1 where absent. */
  declare threadCount: number | undefined;
  /** The visitor's own weights file; the built-in weights where absent. */
  declare weights: Blob | undefined;
  /** Runs weights that no card lists, and marks them as unverified. Default false. */
  declare allowUnverified: boolean;
  /** What the button listens to, from the next start on; the visitor's default microphone where absent. */
  declare source: AudioSource | undefined;
  /** Gives the session; the subclass lends it what the page gave. */
  protected readonly controller: SessionController<Kind>;
  protected readonly announcer: Announcer = new Announcer(this, () =>
    this.renderRoot.querySelector('.announcements'),
  );
  readonly #prefix: SessionEvents['prefix'];
  readonly #internals = this.attachInternals();
  readonly #meter = new LevelMeter((level) => {
    this.#showLevel(level);
  });
  #question: TemplateResult | undefined; // before a large download
  #progress: number | undefined; // of loading or of reading a file, 0…1, where known
  #stateBefore: SessionState['name'] = 'idle';

  constructor(events: SessionEvents) {
    super();
    this.autostart = false;
    this.allowUnverified = false;
    const {prefix} = events;
    this.#prefix = prefix;
    this.controller = new SessionController(this, events, () => this.createSession());
    this.addEventListener(`${prefix}-progress`, (event) => {
      this.#onProgress(event);
    });
    this.addEventListener(`${prefix}-level`, (event) => {
      this.#meter.push(event.level);
    });
    this.addEventListener(`${prefix}-state`, (event) => {
      this.#onState(event.state);
    });
  }

  /** Where the session is. */
  get state(): SessionState {
    return this.controller.state;
  }

  /**
   * Fetches the model, or imports the visitor's checkpoint, and makes it ready; at once where it is. `stop`, and the
   * button, end it early.
   * @throws as `start`, but for what the microphone has to say.
   */
  async load(): Promise<void> {
    await this.controller.run((session) => session.load());
  }

  /**
   * Starts listening.
   * @throws SpeechError, also told by the element's error event; AbortError where stopped meanwhile; RangeError for an
   * option out of its range.
   */
  async start(source: AudioSource | undefined = this.source): Promise<void> {
    await this.controller.run((session) => session.start(source));
  }

  /** Stops loading or listening, and releases the microphone at once. */
  async stop(): Promise<void> {
    await this.controller.stop();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#autostart();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#meter.reset();
  }

  /** Makes a session from the properties as they are now. */
  protected abstract createSession(): Kind;

  /** What the element shows below the button and the state. */
  protected abstract renderContent(): TemplateResult | typeof nothing;

  /** States for the page's style sheets beside those of the session. */
  protected abstract contentStates(): readonly string[];

  /** What went wrong, where the session itself has not failed. */
  protected get problem(): Extract<SessionState, {name: 'failed'}>['error'] | undefined {
    return undefined;
  }

  protected override firstUpdated(): void {
    this.#autostart();
  }

  protected override update(changed: PropertyValues<this>): void {
    setCustomStates(this.#internals, this.#customStates());
    super.update(changed);
  }

  protected override render(): TemplateResult {
    const {state} = this;
    const problem = state.name === 'failed' ? state.error : this.problem;
    return html`
      <div part="base" class="base ${state.name}">
        <div part="controls" class="controls">
          <button
            part="button"
            type="button"
            class=${isOn(state) ? 'on' : ''}
            aria-describedby="status"
            @click=${this.toggle}
          >
            ${renderButtonLabel(state)}
          </button>
          <div class="side">${renderStatus(state)} ${renderActivity(state, this.#progress)}</div>
        </div>
        ${this.#question} ${problem ? renderError(problem) : nothing}
        ${
          this.#isUnverified
            ? html`<p part="unverified" class="unverified">Unverified model file</p>`
            : nothing
        }
        ${this.renderContent()}
        <slot></slot>
        <div class="announcements" role="log" aria-label="Heard"></div>
      </div>
    `;
  }

  /** A changed setup takes effect at once: what listened goes on listening with it. */
  protected restart(): void {
    const wasOn = isOn(this.state);
    this.controller.reset();
    if (wasOn) this.toggle();
  }

  /** By hand or autostart: nobody waits for the promise, and the error event tells what goes wrong. */
  protected readonly toggle = (): void => {
    const {name} = this.state;
    if (name === 'stopping' || name === 'disposed') return;
    const done = isOn(this.state) ? this.stop() : this.start();
    done.catch(reportMisuse);
  };

  /** Asks before a large download. */
  protected readonly ask = async (question: DownloadQuestion): Promise<boolean> =>
    await askVisitor(question, {
      element: this,
      eventName: `${this.#prefix}-ask`,
      say: (sentence) => {
        this.announcer.say(sentence);
      },
      show: (shown) => {
        this.#question = shown;
        this.requestUpdate();
      },
    });

  get #isUnverified(): boolean {
    return this.controller.session?.info?.weights.verified === false;
  }

  /** The page's own session may be on already. */
  #autostart(): void {
    if (this.autostart && !isOn(this.state)) this.toggle();
  }

  #onProgress({loaded, total}: SessionProgressEvent): void {
    this.#progress = total > 0 ? loaded / total : undefined; // nobody knows how long compiling takes
    this.requestUpdate();
  }

  #onState(state: SessionState): void {
    if (state.name !== 'listening') this.#meter.reset();
    if (state.name !== 'loading') this.#question = undefined; // nobody waits for its answer any more
    if (state.name === 'loading' || state.name === 'transcribing') this.#progress = undefined;
    const announcement = stateAnnouncement(state, this.#stateBefore);
    if (announcement !== undefined) this.announcer.say(announcement);
    this.#stateBefore = state.name;
  }

  /** Straight to the style sheet's variable: levels never make Lit render. */
  #showLevel(level: number): void {
    const base = this.renderRoot.querySelector<HTMLElement>('.base');
    base?.style.setProperty(`--${this.#prefix}-level`, level.toFixed(3));
  }

  #customStates(): ReadonlySet<string> {
    const {state} = this;
    const states = new Set<string>([state.name, ...this.contentStates()]);
    if (state.name === 'listening' && state.microphone !== 'live') states.add(state.microphone);
    if (this.#isUnverified) states.add('unverified');
    return states;
  }
}

/** What has a code is shown by the element and told by an event; what is left is a mistake of the page. */
export function reportMisuse(error: unknown): void {
  if (!isFailure(error) && (error as Error).name !== 'AbortError') reportError(error);
}
