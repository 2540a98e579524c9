import type {ModelFile} from '../model-file.ts';

/**
 * The name under which a file is downloaded, among all tabs and visits: its digest where that is known, so that it goes
 * on from another address, else the address. Pure.
 */
export function downloadKey({accepted, urls, name}: ModelFile): string {
  const [first] = accepted;
  return first?.sha256 ?? first?.sha384 ?? first?.sha1 ?? urls[0] ?? name;
}
