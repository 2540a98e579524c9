/** A lexicon that cannot be used: names the word, and the token where there is one. */
export class LexiconError extends Error {
  readonly code = 'lexicon';
  readonly word: string;
  readonly token: string | undefined;

  constructor(
    {word, token}: {readonly word: string; readonly token?: string},
    got: string,
    expected: string,
  ) {
    super(`got ${got}, expected ${expected}`);
    this.name = 'LexiconError';
    this.word = word;
    this.token = token;
  }
}
