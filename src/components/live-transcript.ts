import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {guard} from 'lit/directives/guard.js';
import {
  TRANSCRIPT_EVENT_NAMES,
  TranscriptErrorEvent,
  TranscriptStateEvent,
  type TranscriptFinalEvent,
  type TranscriptPartialEvent,
} from '../events/transcript-events.ts';
import type {SessionState} from '../events/session-state.ts';
import {checkRange} from '../session/check-range.ts';
import type {
  LoadedTranscriber,
  RecordingOptions,
  TranscriberOptions,
} from '../session/transcriber-options.ts';
import {Transcriber} from '../session/transcriber.ts';
import type {TranscriptUtterance} from '../transcript/transcript.ts';
import {numberOr, optionalNumber, optionalText, textOr} from './attribute-converters.ts';
import {liveTranscriptStyle} from './live-transcript-style.ts';
import {renderPartial, renderUtterance} from './render-transcript.ts';
import {isFailure, type SessionEvents} from './session-controller.ts';
import {SessionElement} from './session-element.ts';
import {sessionStyle, themeStyle} from './session-style.ts';
import {TranscriptRecord} from './transcript-record.ts';
import {SETUP_PROPERTIES, setupOf} from './transcript-setup.ts';
import {TranscriptToolbar} from './transcript-toolbar.ts';

const EVENTS: SessionEvents = {
  prefix: 'transcript',
  names: TRANSCRIPT_EVENT_NAMES,
  StateEvent: TranscriptStateEvent,
  ErrorEvent: TranscriptErrorEvent,
};

/** States in which an utterance may be under way. */
const HEARS: ReadonlySet<SessionState['name']> = new Set(['listening', 'transcribing', 'stopping']);

/** How far from the newest line a reader still follows it, CSS pixels: less than a line, more than rounding. */
const NEAR_END_PX = 16;

/**
 * Writes down what is said, on the visitor's own device, and tells the page by events.
 *
 * @summary A button that listens, the text as it is being said, and the means to copy and download it.
 *
 * @slot - Shown below the transcript.
 * @slot listen - The button's word while the microphone is off.
 * @slot stop - The button's word while it listens.
 * @slot cancel - The button's word while it reads a file.
 * @slot retry - The button's word after an error.
 * @slot empty - Shown where nothing has been said yet.
 *
 * @fires {TranscriptPartialEvent} transcript-partial - What seems to be said in the utterance under way; bubbles, composed
 * @fires {TranscriptFinalEvent} transcript-final - What was said in one utterance; bubbles, composed
 * @fires {SpeechStartEvent} speech-start - Somebody began to speak; bubbles, composed
 * @fires {SpeechEndEvent} speech-end - Nobody speaks any more; bubbles, composed
 * @fires {TranscriptStateEvent} transcript-state - The session's state changed; bubbles, composed
 * @fires {TranscriptProgressEvent} transcript-progress - How far loading, or reading a file, is; bubbles, composed
 * @fires {TranscriptStatsEvent} transcript-stats - Counters, once a second; bubbles, composed
 * @fires {TranscriptLevelEvent} transcript-level - Loudness of the newest sound; bubbles, composed
 * @fires {TranscriptErrorEvent} transcript-error - What made loading, listening or reading fail; bubbles, composed
 * @fires {SessionAskEvent} transcript-ask - More would be downloaded than may be unasked; a listener may answer by `respondWith`; bubbles, composed
 *
 * @csspart base - Everything; a column.
 * @csspart controls - The row of button and status.
 * @csspart button - The button that listens and stops.
 * @csspart status - The microphone's state: an icon and words.
 * @csspart hint - What the visitor can do about that state.
 * @csspart meter - The level meter's track.
 * @csspart level - The level meter's bar.
 * @csspart progress - How far loading, or reading a file, is.
 * @csspart unverified - The mark of weights that no card lists.
 * @csspart question - What is asked before a large download, with its two buttons.
 * @csspart error - What went wrong, and what to do.
 * @csspart transcript - The box that scrolls.
 * @csspart empty - Shown where nothing has been said yet.
 * @csspart utterance - What was said in one utterance: a paragraph.
 * @csspart time - When an utterance began.
 * @csspart unsure - A word of low confidence.
 * @csspart partial - The utterance under way.
 * @csspart stable - The part of it that stands.
 * @csspart unstable - The part of it that may still change.
 * @csspart toolbar - The row below the transcript.
 * @csspart copy - The button that copies.
 * @csspart format - The choice of a file format.
 * @csspart download - The button that downloads.
 * @csspart notice - What came of copying.
 *
 * @cssprop --transcript-accent - Colour of the button and the level.
 * @cssprop --transcript-on-accent - Colour of text on the accent.
 * @cssprop --transcript-danger - Colour of errors, warnings and the underline of unsure words.
 * @cssprop --transcript-line - Colour of borders.
 * @cssprop --transcript-tint - Colour of faint backgrounds.
 * @cssprop --transcript-radius - Roundness of boxes.
 * @cssprop --transcript-height - Most height of the transcript before it scrolls; 20rem where absent.
 * @cssprop --transcript-level - Set by the element for its parts: the loudness now, 0 to 1 of the meter's scale.
 *
 * @cssState idle - Nothing is loaded.
 * @cssState loading - The model is being loaded.
 * @cssState ready - Loaded, the microphone is closed.
 * @cssState starting - Waiting for the microphone.
 * @cssState listening - Listening.
 * @cssState transcribing - Reading a file.
 * @cssState stopping - On the way from listening to ready.
 * @cssState failed - An error ended loading or listening.
 * @cssState muted - Listening, but the device or the system muted the microphone.
 * @cssState suspended - Listening, but the browser waits for a click on the page.
 * @cssState interrupted - Listening, but something else has the microphone.
 * @cssState empty - Nothing has been said yet.
 * @cssState unverified - Weights that no card lists are loaded.
 */
export class LiveTranscript extends SessionElement<Transcriber> {
  static override styles = [themeStyle('transcript'), sessionStyle, liveTranscriptStyle];
  static override properties = {
    model: {converter: textOr('earshot-ctc')},
    timestamps: {type: Boolean},
    confidenceThreshold: {attribute: 'confidence-threshold', converter: numberOr(0.5)},
    engine: {converter: optionalText},
    languageModel: {attribute: 'language-model', converter: optionalText},
    decoding: {converter: optionalText},
    beamWidth: {attribute: 'beam-width', converter: optionalNumber},
    languageModelWeight: {attribute: 'language-model-weight', converter: optionalNumber},
    wordBonus: {attribute: 'word-bonus', converter: optionalNumber},
    hotWords: {attribute: 'hot-words', converter: textOr('')},
    hotWordBoost: {attribute: 'hot-word-boost', converter: optionalNumber},
    trailingSilenceMs: {attribute: 'trailing-silence-ms', converter: optionalNumber},
    maxUtteranceMs: {attribute: 'max-utterance-ms', converter: optionalNumber},
    features: {converter: optionalText},
    fullScale: {attribute: 'full-scale', converter: optionalText},
    transcriber: {attribute: false},
  };
  /** Which system transcribes. */
  declare model: string;
  /** Shows when each utterance began. Default false. */
  declare timestamps: boolean;
  /** Confidence below which a word is marked as unsure, 0…1; nothing is at 0. Default 0.5. */
  declare confidenceThreshold: number;
  /** Which engine runs the network; the system's default where absent. */
  declare engine: 'integer' | 'onnx' | 'onnx-webgpu' | 'tfjs' | 'tfjs-webgpu' | undefined;
  /** `built-in`, `none`, or, as a property, the page's own, as a `Transcriber` takes it; the system's where absent. */
  declare languageModel: TranscriberOptions['languageModel'] | undefined;
  /** `greedy`: the best letter of each frame, without what follows here; `beam` where absent. */
  declare decoding: 'beam' | 'greedy' | undefined;
  /** Hypotheses that the search keeps at once, 1…256; the system's default where absent. */
  declare beamWidth: number | undefined;
  /** Weight of the language model, 0…10; the system's default where absent. */
  declare languageModelWeight: number | undefined;
  /** Added to a hypothesis for each word where there is a language model, −10…10; the system's default where absent. */
  declare wordBonus: number | undefined;
  /** Words that are likelier here, separated by spaces; or, as a property, what a `Transcriber` takes. */
  declare hotWords: string | NonNullable<TranscriberOptions['hotWords']>;
  /** Added to a hypothesis for each hot word, natural log, above 0, at most 20; 4 where absent. */
  declare hotWordBoost: number | undefined;
  /** Silence after which an utterance is over, 100…5000 ms; 700 where absent. */
  declare trailingSilenceMs: number | undefined;
  /** Length at which an utterance is cut, 2000…60 000 ms (wav2vec2-base: 36 000 at most); 20 000 where absent. */
  declare maxUtteranceMs: number | undefined;
  /** `utterance`: features as published, with statistics of whole utterances, so no partials; `streaming` where absent. */
  declare features: 'streaming' | 'utterance' | undefined;
  /** What a sample of 1 counted as when the network was trained, for deepspeech2 alone; `int32` where absent. */
  declare fullScale: 'int32' | 'int16' | 'unit' | undefined;
  /** The page's own; then all above but `autostart`, `source`, `timestamps` and `confidenceThreshold` is its. */
  declare transcriber: Transcriber | undefined;
  readonly #record = new TranscriptRecord();
  readonly #toolbar = new TranscriptToolbar(this, this.announcer);
  #partial: TranscriptPartialEvent | undefined;
  #fileError: SessionElement<Transcriber>['problem']; // of a file that could not be read
  #isReading = false;

  constructor() {
    super(EVENTS);
    this.model = 'earshot-ctc';
    this.timestamps = false;
    this.confidenceThreshold = 0.5;
    this.hotWords = '';
    this.addEventListener('transcript-partial', this.#onPartial);
    this.addEventListener('transcript-final', this.#onFinal);
    this.addEventListener('transcript-state', this.#onState);
  }

  /** What is loaded; undefined before the first start. */
  get info(): LoadedTranscriber | undefined {
    return this.controller.session?.info;
  }

  /**
   * What has been said, oldest first. Times in milliseconds: those of a second run, of the microphone or a file, go on
   * where the run before ended.
   */
  get utterances(): readonly TranscriptUtterance[] {
    return this.#record.utterances;
  }

  /** What has been said, a line for each utterance. */
  get text(): string {
    return this.utterances.map(({text}) => text).join('\n');
  }

  /**
   * Writes down a recording, below what is there; as a `Transcriber` does. `stop`, and the button, end it early.
   * @throws SpeechError, also told by `transcript-error`; AbortError where stopped meanwhile; DOMException
   * InvalidStateError while it listens or reads already; RangeError for an option out of its range.
   */
  async transcribe(file: Blob, options?: RecordingOptions): Promise<readonly TranscriptUtterance[]> {
    this.#fileError = undefined;
    this.#isReading = true;
    try {
      return await this.controller.run((session) => session.transcribe(file, options));
    } catch (error) {
      if (isFailure(error)) this.#fileError = error;
      throw error;
    } finally {
      this.#isReading = false;
      this.requestUpdate();
    }
  }

  /** Forgets what has been said, and the utterance under way so far. */
  clear(): void {
    this.#record.clear();
    this.#partial = undefined;
    this.requestUpdate();
  }

  /** Gives the focus to the button: not `delegatesFocus`, which would take it from whoever selects text. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('button')?.focus(options);
  }

  protected override get problem(): SessionElement<Transcriber>['problem'] {
    return this.#fileError;
  }

  protected override createSession(): Transcriber {
    const {systemId, ...options} = setupOf(this);
    return new Transcriber(systemId, {...options, onAsk: this.ask});
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('confidenceThreshold')) this.#checkThreshold();
    if (changed.has('transcriber')) this.controller.use(this.transcriber);
    if (this.hasUpdated && !this.transcriber && SETUP_PROPERTIES.some((name) => changed.has(name))) {
      // a file is not read again: the page that gave it is told by the promise
      if (this.#isReading) this.controller.reset();
      else this.restart();
    }
  }

  /** Keeps the newest line in view, unless the reader has scrolled away from it. */
  protected override update(changed: PropertyValues<this>): void {
    const before = this.#scroller;
    const isFollowed = !before || before.scrollHeight - before.scrollTop - before.clientHeight < NEAR_END_PX;
    super.update(changed);
    const scroller = this.#scroller;
    if (isFollowed && scroller) scroller.scrollTop = scroller.scrollHeight;
  }

  protected override renderContent(): TemplateResult {
    const {utterances, timestamps: hasTimestamps, confidenceThreshold} = this;
    const isEmpty = this.#isEmpty;
    const look = {hasTimestamps, confidenceThreshold};
    const said = guard([utterances, hasTimestamps, confidenceThreshold], () =>
      utterances.map((utterance) => renderUtterance(utterance, look)),
    );
    return html`
      <div
        part="transcript"
        class="transcript"
        role="region"
        aria-label="Transcript"
        tabindex=${isEmpty ? nothing : 0}
      >
        ${isEmpty ? html`<p part="empty" class="empty"><slot name="empty">Nothing has been said yet.</slot></p>` : nothing}
        ${said} ${this.#partial ? renderPartial(this.#partial) : nothing}
      </div>
      ${this.#toolbar.render()}
    `;
  }

  protected override contentStates(): readonly string[] {
    return this.#isEmpty ? ['empty'] : [];
  }

  /** No promise of the page's could tell it. */
  #checkThreshold(): void {
    try {
      checkRange('confidenceThreshold', this.confidenceThreshold, [0, 1]);
    } catch (error) {
      reportError(error);
    }
  }

  get #isEmpty(): boolean {
    return this.utterances.length === 0 && !this.#partial;
  }

  get #scroller(): Element | null {
    return this.renderRoot.querySelector('.transcript');
  }

  readonly #onPartial = (partial: TranscriptPartialEvent): void => {
    this.#partial = partial;
    this.requestUpdate();
  };

  readonly #onFinal = (utterance: TranscriptFinalEvent): void => {
    this.#partial = undefined;
    this.#record.add(utterance);
    this.announcer.say(utterance.text);
    this.requestUpdate();
  };

  readonly #onState = ({state: {name}}: TranscriptStateEvent): void => {
    if (name === 'starting' || name === 'transcribing') {
      this.#record.beginRun();
      this.#fileError = undefined;
    }
    if (!HEARS.has(name)) this.#partial = undefined;
  };
}
