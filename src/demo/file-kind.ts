/** What a visitor may give the page: a network's weights, a language model, or something to be written down. */
export type FileKind = 'weights' | 'language-model' | 'recording';

const RECORDING = /\.(wav|flac|mp3|m4a|mp4|aac|ogg|oga|opus|weba|webm)$/i;

/** What a file seems to be, by its type and its name; weights, whose digest tells more, where neither says. */
export function fileKind({name, type}: Pick<File, 'name' | 'type'>): FileKind {
  if (/^(audio|video)\//.test(type) || RECORDING.test(name)) return 'recording';
  return /\.bin$/i.test(name) ? 'language-model' : 'weights';
}
