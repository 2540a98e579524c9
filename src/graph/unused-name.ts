/** The name wanted, or the first that follows it and no tensor has. */
export function unusedName(tensors: ReadonlyMap<string, unknown>, wanted: string): string {
  let name = wanted;
  while (tensors.has(name)) name += "'";
  return name;
}
