import {Microphone} from '../../index.ts';

/** A microphone that also tells the page of its stream, for whoever only looks at it: it stays the session's to stop. */
export class OverheardMicrophone extends Microphone {
  readonly #onOpen: (stream: MediaStream) => void;

  constructor(onOpen: (stream: MediaStream) => void) {
    super();
    this.#onOpen = onOpen;
  }

  override async open(): Promise<MediaStream> {
    const stream = await super.open();
    this.#onOpen(stream);
    return stream;
  }
}
