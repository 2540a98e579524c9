/** A network that this site has imported. */
export interface SiteModel {
  readonly bytes: number;
  readonly precision: string;
}

/**
 * Looks whether this site has a network that `earshot import` made of a system's checkpoint: asks for its manifest and
 * nothing else.
 * @returns undefined where it has none.
 */
export async function findSiteModel(systemId: string): Promise<SiteModel | undefined> {
  try {
    const response = await fetch(new URL(`models/${systemId}/manifest.json`, document.baseURI));
    if (!response.ok) return undefined;
    const {system, precision, files} = (await response.json()) as Manifest;
    if (system !== systemId) return undefined;
    return {precision, bytes: files.reduce((sum, {bytes}) => sum + bytes, 0)};
  } catch {
    return undefined; // no connection, or some other page in place of a manifest: the worker says more when it opens one
  }
}

/** The part of it that is shown; the worker checks all of it before it opens the network. */
interface Manifest {
  readonly system: string;
  readonly precision: string;
  readonly files: readonly {readonly bytes: number}[];
}
