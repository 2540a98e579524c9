/** The words of an attribute that are separated by spaces. */
export function splitWords(words: string): readonly string[] {
  return words.split(/\s+/).filter(Boolean);
}
