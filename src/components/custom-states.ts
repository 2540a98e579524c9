/**
 * Shows exactly these states to the page's style sheets as `:state(name)`. Browsers from before 2024 have no such
 * selector and refuse names without dashes: there the parts alone tell.
 */
export function setCustomStates({states}: ElementInternals, names: ReadonlySet<string>): void {
  if (!CSS.supports('selector(:state(listening))')) return;
  for (const name of states) if (!names.has(name)) states.delete(name);
  for (const name of names) states.add(name);
}
