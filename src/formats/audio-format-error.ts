/** An audio file that cannot be read: says what was got and what was expected. */
export class AudioFormatError extends Error {
  readonly code = 'audio-format';
  readonly got: string;
  readonly expected: string;

  constructor(got: string, expected: string) {
    super(`got ${got}, expected ${expected}`);
    this.name = 'AudioFormatError';
    this.got = got;
    this.expected = expected;
  }
}
