import {SpeechError} from '../protocol/speech-error.ts';
import {untilAborted} from './until-aborted.ts';

/** A file that the browser decoded, as a whole. */
export interface DecodedFile {
  readonly sampleRateHz: number;
  /** One array per channel, all of one length. */
  readonly channels: readonly Float32Array[];
}

/** Options of {@link decodeAudioFile}. */
export interface DecodeOptions {
  /** Whether the file's audio lasts longer than so many seconds; asked before it is decoded. */
  readonly lastsLonger: (file: Blob, seconds: number) => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Rate that the browser resamples to while it decodes. Default 16,000, the rate of every model. */
  readonly sampleRateHz?: number;
}

/** The formats that only the browser can decode. */
export type BrowserFormat = 'MP3' | 'AAC' | 'Ogg' | 'MP4' | 'WebM';

/**
 * The longest file: `decodeAudioData` gives all samples at once, of two channels at 16 kHz 230 MB for half an hour. At
 * the file's own 48 kHz it would be 691, which is why the browser resamples here though it does not for the microphone.
 */
export const MAX_DECODED_MINUTES = 30;
/** As many bytes as half an hour has at 320 kbit/s, the most of MP3; a larger file is not even read. */
export const MAX_FILE_BYTES = (MAX_DECODED_MINUTES * 60 * 320_000) / 8;

const SNIFFED_BYTES = 12;
const DEFAULT_RATE_HZ = 16_000;

/**
 * Tells by its first bytes whether only the browser can decode a file. Undefined for every other file, WAV and FLAC
 * among them: those are streamed in the worker (`formats/audio-stream.ts`), which also names what it cannot read. Any
 * thread.
 */
export async function sniffBrowserFormat(file: Blob): Promise<BrowserFormat | undefined> {
  const bytes = new Uint8Array(await file.slice(0, SNIFFED_BYTES).arrayBuffer());
  const text = String.fromCharCode(...bytes);
  if (text.startsWith('ID3')) return 'MP3';
  if (text.startsWith('OggS')) return 'Ogg';
  if (text.startsWith('\u001aE\u00df\u00a3')) return 'WebM';
  if (text.slice(4, 8) === 'ftyp') return 'MP4';
  return sniffMpegFrame(bytes[0] ?? 0, bytes[1] ?? 0);
}

/** An MPEG audio frame begins with 11 ones (AAC's ADTS with 12), then two bits of version and two of layer. */
function sniffMpegFrame(first: number, second: number): BrowserFormat | undefined {
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || (second & 0x18) === 0x08) return undefined;
  const layer = (second >> 1) & 3; // 1 is layer III, 0 is none: ADTS
  if (layer === 1) return 'MP3';
  return layer === 0 && (second & 0xf0) === 0xf0 ? 'AAC' : undefined;
}

/**
 * Decodes a file of a format that the browser knows. Page thread (workers have no `decodeAudioData`); the whole file and
 * all its samples are in memory, so at most {@link MAX_DECODED_MINUTES}. A longer file is refused before it is decoded
 * (`lasts-longer.ts`, code of its own), unless its container cannot be read: then by what the decoder gave.
 * @throws SpeechError `audio-format` where the file is of none of these formats, too large, too long, or the browser
 * cannot decode it; RangeError on a rate that the browser does not support; the signal's reason.
 */
export async function decodeAudioFile(file: Blob, options: DecodeOptions): Promise<DecodedFile> {
  const {lastsLonger, signal = new AbortController().signal, sampleRateHz = DEFAULT_RATE_HZ} = options;
  signal.throwIfAborted();
  const format = await untilAborted(sniffBrowserFormat(file), signal);
  if (!format) throw formatError('a file of another format', 'MP3, AAC, Ogg, MP4 or WebM');
  if (file.size > MAX_FILE_BYTES) {
    throw formatError(
      `a file of ${file.size} bytes (${format})`,
      `at most ${MAX_FILE_BYTES}: WAV and FLAC may be longer`,
    );
  }
  const context = createContext(sampleRateHz);
  if (await lastsLonger(file, MAX_DECODED_MINUTES * 60)) throw tooLong(format);
  const bytes = await untilAborted(file.arrayBuffer(), signal);
  const decoded = await untilAborted(decode(context, bytes, format), signal);
  if (decoded.duration > MAX_DECODED_MINUTES * 60) throw tooLong(format);
  const channels = Array.from({length: decoded.numberOfChannels}, (_, channel) =>
    decoded.getChannelData(channel),
  );
  return {sampleRateHz: decoded.sampleRate, channels};
}

/** A context that plays nothing: its rate is the one that `decodeAudioData` resamples to. */
function createContext(sampleRateHz: number): OfflineAudioContext {
  try {
    return new OfflineAudioContext({numberOfChannels: 1, length: 1, sampleRate: sampleRateHz});
  } catch (cause) {
    throw new RangeError(`sampleRateHz: got ${sampleRateHz}, expected a rate that this browser supports`, {
      cause,
    });
  }
}

async function decode(
  context: OfflineAudioContext,
  bytes: ArrayBuffer,
  format: BrowserFormat,
): Promise<AudioBuffer> {
  try {
    return await context.decodeAudioData(bytes);
  } catch (cause) {
    throw formatError(`a file that this browser cannot decode (${format})`, 'one that it can', cause);
  }
}

function tooLong(format: BrowserFormat): SpeechError {
  const most = `${MAX_DECODED_MINUTES} minutes`;
  return formatError(
    `a file that lasts longer than ${most} (${format})`,
    `at most ${most}: WAV and FLAC may be longer`,
  );
}

function formatError(got: string, expected: string, cause?: unknown): SpeechError {
  return new SpeechError('audio-format', `got ${got}, expected ${expected}`, {cause});
}
