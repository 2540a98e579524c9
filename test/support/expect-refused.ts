import {expect} from 'vitest';
import {ModelFormatError} from '../../src/graph/model-format-error.ts';

/** Expects a file to be refused with a ModelFormatError whose message matches. */
export async function expectRefused(opened: Promise<unknown>, message: RegExp): Promise<void> {
  const error: unknown = await opened.then(
    () => 'no error',
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(ModelFormatError);
  expect((error as ModelFormatError).message).toMatch(message);
}
