import type {LiveTranscript} from '../../elements.ts';
import {find} from '../find.ts';
import {OverheardMicrophone} from './overheard-microphone.ts';
import {SoundTap} from './sound-tap.ts';
import {Spectrogram} from './spectrogram.ts';

/** The card of the sound: its spectrum while the element listens, in a picture and in words; while it reads, how far. */
class SoundCard {
  readonly #spectrogram = new Spectrogram(find('#spectrogram', HTMLCanvasElement));
  readonly #picture = find('#spectrogram-picture', HTMLElement);
  readonly #text = find('#sound-text', HTMLElement);
  readonly #reading = find('#reading', HTMLElement);
  readonly #progress = find('#reading-progress', HTMLProgressElement);
  readonly #percent = find('#reading-percent', HTMLElement);
  #tap: SoundTap | undefined; // from the first listening on: a page that hears nothing needs no audio graph
  #isHeard = false;

  /** Shows the spectrum of what the microphone gives. */
  hear(stream: MediaStream): void {
    this.#tap ??= new SoundTap();
    try {
      this.#tap.connect(stream);
    } catch {
      this.#text.textContent = 'This browser shows the microphone’s sound to one listener only.';
      return;
    }
    this.#isHeard = true;
    this.#spectrogram.start(this.#tap);
    this.describe();
  }

  /** Nothing is heard any more. */
  rest(): void {
    if (!this.#isHeard) return;
    this.#isHeard = false;
    this.#spectrogram.stop();
    this.#tap?.disconnect();
    this.#text.textContent = 'Nothing is being heard.';
  }

  /** Says what the picture shows now. */
  describe(): void {
    if (!this.#isHeard) return;
    const hz = this.#tap?.takeLoudestHz();
    this.#text.textContent =
      hz === undefined ? 'Silence.' : `Loudest around ${String(Math.round(hz / 10) * 10)} Hz.`;
  }

  /** Has the picture give way to how far a recording has been read, or the other way round. */
  showReading(isReading: boolean): void {
    if (isReading && this.#reading.hidden) this.setProgress(undefined);
    this.#reading.hidden = !isReading;
    this.#picture.hidden = isReading;
  }

  /** @param fraction 0…1; undefined where it is unknown. */
  setProgress(fraction: number | undefined): void {
    if (fraction === undefined) this.#progress.removeAttribute('value');
    else this.#progress.value = fraction;
    this.#percent.textContent = fraction === undefined ? '' : `${String(Math.floor(fraction * 100))} %`;
  }
}

/** Shows what the element hears, without a part in how it is heard. */
export function connectSound(element: LiveTranscript): void {
  const card = new SoundCard();
  element.source = new OverheardMicrophone((stream) => {
    if (element.state.name === 'starting') card.hear(stream); // the visitor may have thought better of it
  });
  element.addEventListener('transcript-state', ({state}) => {
    if (state.name !== 'starting' && state.name !== 'listening') card.rest();
    card.showReading(state.name === 'transcribing');
  });
  // once a second is as fast as anybody reads
  element.addEventListener('transcript-stats', () => {
    card.describe();
  });
  element.addEventListener('transcript-progress', ({phase, loaded, total}) => {
    if (phase === 'transcribe') card.setProgress(total > 0 ? loaded / total : undefined);
  });
}
