import type {ReactiveController, ReactiveControllerHost} from 'lit';
import {copyOf, KEYWORD_EVENT_NAMES, KwsErrorEvent, type SpeechError} from '../events/keyword-events.ts';
import type {SessionState} from '../events/session-state.ts';
import {KeywordSpotter, type KeywordSpotterOptions} from '../session/keyword-spotter.ts';
import type {AudioSource} from '../session/listening-run.ts';

const IDLE: SessionState = {name: 'idle'};

/** What a spotter is made from. */
export interface SpotterSetup extends KeywordSpotterOptions {
  readonly systemId: string;
}

/**
 * Gives an element a KeywordSpotter: made on the first start, forwarding its events to the element, disposed of when
 * the element leaves the document.
 */
export class SpotterController implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  readonly #setup: () => SpotterSetup;
  #spotter: KeywordSpotter | undefined;

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

  /**
   * Starts listening. A failure is told by `kws-error` at the element as well, for pages that only listen to events.
   * @throws as KeywordSpotter.start.
   */
  async start(source?: AudioSource): Promise<void> {
    this.#spotter ??= this.#create();
    const spotter = this.#spotter;
    try {
      await spotter.start(source);
    } catch (error) {
      if (spotter.state.name === 'failed') {
        this.#host.dispatchEvent(new KwsErrorEvent({error: error as SpeechError}));
      }
      throw error;
    }
  }

  /** Stops listening; does nothing where nothing listens. */
  async stop(): Promise<void> {
    await this.#spotter?.stop();
  }

  /** Disposes of the spotter; the next start makes one from the setup as it is then. */
  reset(): void {
    this.#spotter?.dispose();
    this.#spotter = undefined;
    this.#host.requestUpdate();
  }

  /** The element left the document: nobody sees any more that it listens. */
  hostDisconnected(): void {
    this.reset();
  }

  #create(): KeywordSpotter {
    const {systemId, ...options} = this.#setup();
    const spotter = new KeywordSpotter(systemId, options);
    for (const name of KEYWORD_EVENT_NAMES) {
      spotter.addEventListener(name, (event) => this.#host.dispatchEvent(copyOf(event)));
    }
    spotter.addEventListener('kws-state', () => {
      this.#host.requestUpdate();
    });
    return spotter;
  }
}
