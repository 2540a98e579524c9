import {builtInFiles} from './built-in-files.ts';

/** The folder of models of a page, and where a bundler has moved what comes with Earshot. */
export interface ModelFolder {
  /** Ends in a slash. */
  readonly modelBase: string;
  /** URL of each file that comes with Earshot, by its path below the folder; absent where all of them lie there. */
  readonly builtIn?: Readonly<Record<string, string>>;
}

/** Where the models lie: below the folder that the page names, else beside the SDK. Page thread. */
export function modelFolder(assetBase?: URL): ModelFolder {
  if (assetBase) return {modelBase: new URL('models/', assetBase).href};
  return {
    modelBase: new URL('../', builtInFiles['earshot-kws/earshot-kws.safetensors']).href,
    builtIn: builtInFiles,
  };
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
