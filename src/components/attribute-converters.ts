import type {ComplexAttributeConverter} from 'lit';
import type {KeywordSpotterOptions} from '../session/spotter-options.ts';

/** An attribute that is text; undefined where it is absent or empty. Lit's own converter gives null. */
export const optionalText: ComplexAttributeConverter<string | undefined> = {
  fromAttribute: (text) => text?.trim() || undefined,
};

/** An attribute that is a number; undefined where it is absent or empty, NaN where it is none: that is refused later. */
export const optionalNumber: ComplexAttributeConverter<number | undefined> = {
  fromAttribute: (attribute) => (attribute?.trim() ? Number(attribute) : undefined),
};

/** A threshold: a number where the text is one, else the text, for the spotter to read or to refuse. */
export const optionalThreshold: ComplexAttributeConverter<KeywordSpotterOptions['threshold']> = {
  fromAttribute: (attribute) => {
    const text = attribute?.trim() || undefined;
    const number = Number(text);
    return Number.isNaN(number) ? (text as KeywordSpotterOptions['threshold']) : number;
  },
};

/** An attribute that is text; this one where it is absent or empty. */
export function textOr(fallback: string): ComplexAttributeConverter<string> {
  return {fromAttribute: (text) => text?.trim() || fallback};
}

/** An attribute that is a number; this one where it is absent or empty, NaN where it is none: that is refused later. */
export function numberOr(fallback: number): ComplexAttributeConverter<number> {
  return {fromAttribute: (attribute) => (attribute?.trim() ? Number(attribute) : fallback)};
}
