import {ADTS, BlobSource, EncodedPacketSink, Input, MP3, MP4, OGG, WEBM} from 'mediabunny';

/** Beyond the limit, so that a packet that begins past it is found: longer than one of any codec. */
const BEYOND_SECONDS = 1;

/**
 * Whether the audio of a file that only the browser decodes lasts longer than `seconds`: whether one of its packets
 * begins later. Decodes nothing. Where the container has an index, or pages with times (MP4, Ogg, WebM), a few pieces
 * of the file are read; otherwise the headers of its frames up to the limit, one after the other (MP3, AAC). What the
 * container states as its duration is not asked: it may be absent, estimated or wrong.
 *
 * False where the container cannot be read, so that the decoder says what is wrong with it. Any thread; it may take a
 * second, so the worker does it.
 * @throws the signal's reason.
 */
export async function lastsLonger(file: Blob, seconds: number, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const input = new Input({source: new BlobSource(file), formats: [MP3, ADTS, OGG, MP4, WEBM]});
  const giveUp = (): void => {
    input.dispose(); // what is being read then fails
  };
  signal.addEventListener('abort', giveUp);
  try {
    const isLonger = await hasPacketAfter(input, seconds).catch(() => false);
    signal.throwIfAborted();
    return isLonger;
  } finally {
    signal.removeEventListener('abort', giveUp);
    input.dispose();
  }
}

async function hasPacketAfter(input: Input, seconds: number): Promise<boolean> {
  const track = await input.getPrimaryAudioTrack();
  if (!track) return false;
  const sink = new EncodedPacketSink(track);
  const packet = await sink.getPacket(seconds + BEYOND_SECONDS, {metadataOnly: true});
  return packet !== null && packet.timestamp >= seconds;
}
