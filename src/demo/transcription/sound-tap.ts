/** Window of the spectrum: 43 ms at 48 kHz, long enough for the overtones of a voice. */
const FFT_LENGTH = 2048;

/** What is drawn as silence and as loudest, dB relative to full scale. */
const MIN_DB = -95;
const MAX_DB = -25;

/** What is quieter than this is silence: of 255, −75 dB. */
const LEAST_LEVEL = 73;

/** Looks at the spectrum of a stream beside whoever hears it, in an audio graph of its own. Page thread. */
export class SoundTap {
  readonly #context = new AudioContext();
  readonly #analyser: AnalyserNode;
  readonly #spectrum: Uint8Array<ArrayBuffer>;
  #source: MediaStreamAudioSourceNode | undefined;
  #loudestBin = 0; // since it was last asked for
  #loudestLevel = 0; // of it

  constructor() {
    this.#analyser = new AnalyserNode(this.#context, {
      fftSize: FFT_LENGTH,
      smoothingTimeConstant: 0,
      minDecibels: MIN_DB,
      maxDecibels: MAX_DB,
    });
    this.#spectrum = new Uint8Array(this.binCount);
  }

  /** Width of a bin, Hz. */
  get binHz(): number {
    return this.#context.sampleRate / FFT_LENGTH;
  }

  /** Bins of the spectrum, from 0 Hz. */
  get binCount(): number {
    return this.#analyser.frequencyBinCount;
  }

  /**
   * Looks at this stream from now on.
   * @throws DOMException where the browser cannot: Firefox refuses a stream whose rate is not the audio device's.
   */
  connect(stream: MediaStream): void {
    this.disconnect();
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
    void this.#context.resume();
  }

  /** What is quieter than this is silence: of 255, −75 dB. */
  LEAST_LEVEL = 73;

  /** Looks at nothing; the stream is left as it is. */
  disconnect(): void {
    this.#source?.disconnect();
    this.#source = undefined;
    void this.#context.suspend();
  }

  /** The spectrum now, [binCount], 0…255 evenly over the decibels; overwritten by the next call. */
  readSpectrum(): Uint8Array {
    const spectrum = this.#spectrum;
    this.#analyser.getByteFrequencyData(spectrum);
    for (let bin = 0; bin < spectrum.length; bin++) {
      const level = spectrum[bin] ?? 0;
      if (level <= this.#loudestLevel) continue;
      this.#loudestLevel = level;
      this.#loudestBin = bin;
    }
    return spectrum;
  }

  /** The frequency that was loudest among the spectra since the last call, Hz; undefined in silence. */
  takeLoudestHz(): number | undefined {
    const isSilent = this.#loudestLevel < LEAST_LEVEL;
    this.#loudestLevel = 0;
    return isSilent ? undefined : this.#loudestBin * this.binHz;
  }
}
