/** A recording that is too long to be one utterance: says what was got and what was expected. */
export class RecordingTooLongError extends Error {
  readonly code = 'audio-format';
  readonly got: string;
  readonly expected: string;

  constructor(got: string, expected: string) {
    super(`got ${got}, expected ${expected}`);
    this.name = 'RecordingTooLongError';
    this.got = got;
    this.expected = expected;
  }
}
