/** A language model that cannot be used: says what was got and what was expected. */
export class LanguageModelError extends Error {
  readonly code = 'model-format';

  constructor(got: string, expected: string) {
    super(`got ${got}, expected ${expected}`);
    this.name = 'LanguageModelError';
  }
}
