/**
 * The element that a selector finds in the page.
 * @throws TypeError where there is none of this class: page and script do not fit together.
 */
export function find<Found extends Element>(selector: string, type: abstract new () => Found): Found {
  const found = document.querySelector(selector);
  if (found instanceof type) return found;
  throw new TypeError(`got ${found?.localName ?? 'nothing'} for ${selector}, expected ${type.name}`);
}
