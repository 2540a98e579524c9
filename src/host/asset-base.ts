/**
 * The folder that holds the worker, the worklet, the WebAssembly files and the built-in models, as a URL that ends in
 * a slash: the one given, else the folder of this module (the whole build lies in one folder). Page thread.
 */
export function resolveAssetBase(assetBase?: string | URL): URL {
  if (assetBase === undefined) return new URL(import.meta.env.DEV ? '/' : './', import.meta.url);
  return resolveFolder(assetBase);
}

/**
 * The URL of a folder, seen from the page; ends in a slash. Page thread.
 * @throws TypeError for what is no URL.
 */
export function resolveFolder(folder: string | URL): URL {
  const base = new URL(folder, document.baseURI);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
}
