/** Those of an element's properties that are set. The rest is left out, so that the defaults of a session hold. */
export function pickSet<Properties extends object, const Name extends keyof Properties>(
  properties: Properties,
  names: readonly Name[],
): {[Key in Name]?: Exclude<Properties[Key], undefined>} {
  const entries = names.map((name) => [name, properties[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as {
    [Key in Name]?: Exclude<Properties[Key], undefined>;
  };
}
