/** Weights whose digest is not one that the system's card accepts: says what was got and what was expected. */
export class ModelIntegrityError extends Error {
  readonly code = 'model-integrity';
  readonly got: string;
  readonly expected: string;

  constructor(got: string, expected: string) {
    super(`got ${got}, expected ${expected}`);
    this.name = 'ModelIntegrityError';
    this.got = got;
    this.expected = expected;
  }
}
