import type {ModelPlaces} from '../protocol/model-messages.ts';
import type {AcceptedDigest, SystemCard} from '../systems/card.ts';
import type {ModelFile} from './model-file.ts';

/** A file that is part of this project. */
export interface BuiltInFile {
  /** Path below the folder of models. */
  readonly builtInPath: string;
  readonly accepted: readonly AcceptedDigest[];
}

/** One file of a network that a site has imported. */
interface ImportedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The weights of a system: `<folder>/<id>/<name>`, in the folder of models or in the mirror, or at the publisher's home.
 * Any thread.
 */
export function locateWeights({id, weights}: SystemCard, places: ModelPlaces): ModelFile {
  const {name, accepted, builtInPath, homeUrl} = weights;
  if (builtInPath !== undefined) return locateBuiltIn({builtInPath, accepted}, places);
  const {mirror} = places;
  const homes = mirror === undefined && homeUrl !== undefined ? [homeUrl] : [];
  const urls = [inSiteFolder(`${id}/${name}`, places), ...homes];
  return {name, urls, accepted, ...sizeOf(accepted)};
}

/** A file that comes with Earshot: in the mirror where that has it too, else beside Earshot's own files. Any thread. */
export function locateBuiltIn({builtInPath, accepted}: BuiltInFile, places: ModelPlaces): ModelFile {
  const {mirror, modelBase, builtIn = {}} = places;
  const mirrored = mirror === undefined ? [] : [new URL(builtInPath, mirror).href];
  return {
    name: builtInPath.slice(builtInPath.lastIndexOf('/') + 1),
    urls: [...mirrored, builtIn[builtInPath] ?? new URL(builtInPath, modelBase).href],
    accepted,
    ...sizeOf(accepted),
  };
}

/** A file of a network that the site has imported, known by its manifest. Any thread. */
export function locateImported(id: string, file: ImportedFile, places: ModelPlaces): ModelFile {
  const {path, bytes, sha256} = file;
  const what = 'a file of the imported network';
  return {
    name: path,
    urls: [inSiteFolder(`${id}/${path}`, places)],
    bytes,
    accepted: [{sha256, bytes, what}],
  };
}

/** Where the site has a file that is no part of Earshot: in its mirror, where it has one. */
export function inSiteFolder(path: string, {modelBase, mirror}: ModelPlaces): string {
  return new URL(path, mirror ?? modelBase).href;
}

/** The size, where all files that are accepted have the same. */
function sizeOf([first, ...others]: readonly AcceptedDigest[]): Pick<ModelFile, 'bytes'> {
  return first && others.every(({bytes}) => bytes === first.bytes) ? {bytes: first.bytes} : {};
}
