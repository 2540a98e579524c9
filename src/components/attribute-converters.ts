import type {ComplexAttributeConverter} from 'lit';

/** An attribute that is text; undefined where it is absent or empty. Lit's own converter gives null. */
export const optionalText: ComplexAttributeConverter<string | undefined> = {
  fromAttribute: (text) => text?.trim() || undefined,
};

/** An attribute that is a number; undefined where it is absent or empty. Lit's own converter gives 0 or null. */
export const optionalNumber: ComplexAttributeConverter<number | undefined> = {
  fromAttribute: (text) => (text?.trim() ? Number(text) : undefined),
};

/** An attribute that is text; this one where it is absent or empty. */
export function textOr(fallback: string): ComplexAttributeConverter<string> {
  return {fromAttribute: (text) => text?.trim() || fallback};
}
