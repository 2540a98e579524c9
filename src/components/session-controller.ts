import type {ReactiveController, ReactiveControllerHost} from 'lit';
import {copyOf, type SessionErrorEvent, type SessionStateEvent} from '../events/session-events.ts';
import type {SessionState} from '../events/session-state.ts';
import type {AudioSource} from '../session/listening-run.ts';
import type {LoadedSystem} from '../session/spotter-options.ts';

const IDLE: SessionState = {name: 'idle'};

/** What an element asks of a keyword spotter or a transcriber. */
export interface Session extends EventTarget {
  readonly state: SessionState;
  readonly info: Pick<LoadedSystem, 'weights'> | undefined;
  load(): Promise<void>;
  start(source?: AudioSource): Promise<void>;
  stop(): Promise<void>;
  dispose(): void;
}

/** The events of one kind of session. */
export interface SessionEvents {
  /** What the names begin with that every kind of session has: `<prefix>-state` and the like. */
  readonly prefix: 'kws' | 'transcript';
  /** Names of all its events. */
  readonly names: readonly string[];
  readonly StateEvent: new (init: Pick<SessionStateEvent, 'state'>) => Event;
  readonly ErrorEvent: new (init: Pick<SessionErrorEvent, 'error'>) => Event;
}

/**
 * Gives an element a session and forwards its events to the element. Either one of its own: made on the first use,
 * disposed of when the element leaves the document; or the page's (`use`), which stays the page's to dispose of.
 */
export class SessionController<Kind extends Session> implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  readonly #events: SessionEvents;
  readonly #create: () => Kind;
  #given: Kind | undefined; // by the page
  #session: Kind | undefined;
  #forwarding = new AbortController();
  #toldError: unknown; // the newest that an event told

  constructor(host: ReactiveControllerHost & EventTarget, events: SessionEvents, create: () => Kind) {
    this.#host = host;
    this.#events = events;
    this.#create = create;
    host.addController(this);
  }

  /** Where the session is; idle before the first use. */
  get state(): SessionState {
    return this.#session?.state ?? IDLE;
  }

  /** The session in use, if there is one. */
  get session(): Kind | undefined {
    return this.#session;
  }

  /** Uses the page's session from now on; undefined goes back to one of its own. */
  use(session: Kind | undefined): void {
    this.reset();
    this.#given = session;
    if (session) this.#attach(session);
  }

  /**
   * Has the session do something; makes one where there is none. A SpeechError that only the promise tells is told by
   * an event at the element as well, for pages that only listen to events.
   * @throws what `act` throws.
   */
  async run<Result>(act: (session: Kind) => Promise<Result>): Promise<Result> {
    const session = this.#session ?? this.#attach(this.#create());
    try {
      return await act(session);
    } catch (error) {
      if (session === this.#session && isFailure(error)) this.#tell(error);
      throw error;
    }
  }

  /** Stops what runs; does nothing where nothing does. */
  async stop(): Promise<void> {
    await this.#session?.stop();
  }

  /** Lets go of the session; the next use makes one from the setup as it is then. */
  reset(): void {
    const before = this.state;
    const session = this.#session;
    this.#forwarding.abort();
    this.#session = undefined;
    if (session !== this.#given) session?.dispose();
    if (before.name !== this.state.name) {
      this.#host.dispatchEvent(new this.#events.StateEvent({state: this.state}));
    }
    this.#host.requestUpdate();
  }

  /** Back in the document: shows the page's session again. */
  hostConnected(): void {
    if (this.#given && !this.#session) this.#attach(this.#given);
  }

  /** The element left the document: nobody sees any more that it listens. */
  hostDisconnected(): void {
    this.reset();
  }

  /** Tells an error once: a worker that broke down has ended the session by an event before the promise rejects. */
  #tell(error: SessionErrorEvent['error']): void {
    const {state} = this;
    const failure = state.name === 'failed' ? state.error : error;
    if (failure === this.#toldError) return;
    this.#toldError = failure;
    this.#host.dispatchEvent(new this.#events.ErrorEvent({error: failure}));
  }

  #attach(session: Kind): Kind {
    const {prefix, names} = this.#events;
    this.#session = session;
    this.#forwarding = new AbortController();
    const {signal} = this.#forwarding;
    for (const name of names) {
      session.addEventListener(name, (event) => this.#host.dispatchEvent(copyOf(event)), {signal});
    }
    session.addEventListener(
      `${prefix}-state`,
      () => {
        this.#host.requestUpdate();
      },
      {signal},
    );
    session.addEventListener(
      `${prefix}-error`,
      (event) => {
        this.#toldError = (event as Event & Pick<SessionErrorEvent, 'error'>).error;
      },
      {signal},
    );
    this.#host.requestUpdate();
    return session;
  }
}

/** Whether it is an error with a code: by its name, for a page may carry two copies of the class. */
export function isFailure(error: unknown): error is SessionErrorEvent['error'] {
  return (error as Error).name === 'SpeechError';
}
