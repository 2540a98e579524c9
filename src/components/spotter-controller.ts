import type {ReactiveController, ReactiveControllerHost} from 'lit';
import {
  KEYWORD_EVENT_NAMES,
  KwsErrorEvent,
  KwsStateEvent,
  type SpeechError,
} from '../events/keyword-events.ts';
import {copyOf} from '../events/session-events.ts';
import type {SessionState} from '../events/session-state.ts';
import {KeywordSpotter} from '../session/keyword-spotter.ts';
import type {AudioSource} from '../session/listening-run.ts';
import type {KeywordSpotterOptions} from '../session/spotter-options.ts';

const IDLE: SessionState = {name: 'idle'};

/** What a spotter is made from. */
export interface SpotterSetup extends KeywordSpotterOptions {
  readonly systemId: string;
}

/**
 * Gives an element a KeywordSpotter and forwards its events to the element. Either one of its own: made on the first
 * start, disposed of when the element leaves the document; or the page's (`use`), which stays the page's to dispose of.
 */
export class SpotterController implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  readonly #setup: () => SpotterSetup;
  #given: KeywordSpotter | undefined; // by the page
  #spotter: KeywordSpotter | undefined;
  #forwarding = new AbortController();

  constructor(host: ReactiveControllerHost & EventTarget, setup: () => SpotterSetup) {
    this.#host = host;
    this.#setup = setup;
    host.addController(this);
  }

  /** Where the session is; idle before the first start. */
  get state(): SessionState {
    return this.#spotter?.state ?? IDLE;
  }

  /** The spotter in use, if there is one. */
  get spotter(): KeywordSpotter | undefined {
    return this.#spotter;
  }

  /** Uses the page's spotter from now on; undefined goes back to one of its own. */
  use(spotter: KeywordSpotter | undefined): void {
    this.reset();
    this.#given = spotter;
    if (spotter) this.#attach(spotter);
  }

  /**
   * Starts listening. A failure is told by `kws-error` at the element as well, for pages that only listen to events.
   * @throws as KeywordSpotter.start.
   */
  async start(source?: AudioSource): Promise<void> {
    const spotter = this.#spotter ?? this.#attach(this.#create());
    try {
      await spotter.start(source);
    } catch (error) {
      if (spotter === this.#spotter && spotter.state.name === 'failed') {
        this.#host.dispatchEvent(new KwsErrorEvent({error: error as SpeechError}));
      }
      throw error;
    }
  }

  /** Stops listening; does nothing where nothing listens. */
  async stop(): Promise<void> {
    await this.#spotter?.stop();
  }

  /** Lets go of the spotter; the next start makes one from the setup as it is then. */
  reset(): void {
    const before = this.state;
    const spotter = this.#spotter;
    this.#forwarding.abort();
    this.#spotter = undefined;
    if (spotter !== this.#given) spotter?.dispose();
    if (before.name !== this.state.name) this.#host.dispatchEvent(new KwsStateEvent({state: this.state}));
    this.#host.requestUpdate();
  }

  /** Back in the document: shows the page's spotter again. */
  hostConnected(): void {
    if (this.#given && !this.#spotter) this.#attach(this.#given);
  }

  /** The element left the document: nobody sees any more that it listens. */
  hostDisconnected(): void {
    this.reset();
  }

  #create(): KeywordSpotter {
    const {systemId, ...options} = this.#setup();
    return new KeywordSpotter(systemId, options);
  }

  #attach(spotter: KeywordSpotter): KeywordSpotter {
    this.#spotter = spotter;
    this.#forwarding = new AbortController();
    const {signal} = this.#forwarding;
    for (const name of KEYWORD_EVENT_NAMES) {
      spotter.addEventListener(name, (event) => this.#host.dispatchEvent(copyOf(event)), {signal});
    }
    spotter.addEventListener(
      'kws-state',
      () => {
        this.#host.requestUpdate();
      },
      {signal},
    );
    this.#host.requestUpdate();
    return spotter;
  }
}
