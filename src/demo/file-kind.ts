/** What a visitor may give the page: a network's weights, a language model, or something to be written down. */
export type FileKind = 'weights' | 'checkpoint' | 'language-model' | 'recording';

const RECORDING = /\.(wav|flac|mp3|m4a|mp4|aac|ogg|oga|opus|weba|webm)$/i;

/** What people call files that PyTorch has written; `.bin` too, which a language model may be called as well. */
const CHECKPOINT = /\.(pth|pt|zip)$/i;

/** First bytes of what PyTorch writes: of a ZIP, and of a pickle. */
const CHECKPOINT_STARTS = [0x50, 0x80];

/**
 * What a file seems to be, by its type and its name, and where these leave it open by its first byte; weights, whose
 * digest tells more, where nothing says.
 */
export async function fileKind(file: File): Promise<FileKind> {
  const {name, type} = file;
  if (/^(audio|video)\//.test(type) || RECORDING.test(name)) return 'recording';
  if (CHECKPOINT.test(name)) return 'checkpoint';
  if (!/\.bin$/i.test(name)) return 'weights';
  const [first = 0] = new Uint8Array(await file.slice(0, 1).arrayBuffer());
  return CHECKPOINT_STARTS.includes(first) ? 'checkpoint' : 'language-model';
}
