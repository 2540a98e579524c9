/**
 * Refuses a word that an option does not know: attributes may hold any text. Absent options pass.
 * @throws RangeError with got and expected.
 */
export function checkWord(name: string, word: string | undefined, known: readonly string[]): void {
  if (word === undefined || known.includes(word)) return;
  throw new RangeError(`got ${name} "${word}", expected one of: ${known.join(', ')}`);
}
