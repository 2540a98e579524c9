import {modelFolder, resolveFolder} from '../host/asset-base.ts';
import type {EngineHost} from '../host/engine-host.ts';
import type {DownloadQuestion} from '../protocol/download-question.ts';
import {PROTOCOL_VERSION} from '../protocol/messages.ts';
import type {ModelsRequest} from '../protocol/model-messages.ts';
import {askBefore} from './ask-before.ts';
import {checkRange} from './check-range.ts';

/** Where models come from, and what may be downloaded unasked. */
export interface ModelSourceOptions {
  /** Folder that holds worker, worklet, WebAssembly and models; the one that holds the SDK where absent. */
  readonly assetBase?: string | URL;
  /**
   * Folder of models of the site's own, of any origin that lets the page read (CORS, and the policy's `connect-src`):
   * `<mirror>/<id>/<file>`, as `models/` beside the SDK has it. It is asked first, and then nothing but what is built in is
   * looked for elsewhere. Where absent, published models come from `models/` beside the SDK, else from their publishers.
   */
  readonly mirror?: string | URL;
  /**
   * Megabytes above which nothing is downloaded unless `onAsk` allows it, 0 or more; any number where absent. For a visitor
   * who has asked the browser to save data it is 1 at most.
   */
  readonly askAbove?: number;
  /**
   * Asked before more is downloaded than `askAbove` lets pass; nothing has been fetched by then but lists of files. Loading
   * rejects with an AbortError where the answer is false, and with a SpeechError `aborted` where there is nobody to ask.
   */
  readonly onAsk?: (question: DownloadQuestion) => boolean | Promise<boolean>;
}

/** The sources of a session, checked and resolved. */
export interface ModelSources {
  /** Where the page gave one. */
  readonly assetBase: URL | undefined;
  readonly mirror: URL | undefined;
  readonly askAbove: number | undefined;
  readonly onAsk: ModelSourceOptions['onAsk'];
}

/**
 * The sources as a page gives them, resolved.
 * @throws RangeError, TypeError for what is no source.
 */
export function checkSources({assetBase, mirror, askAbove, onAsk}: ModelSourceOptions): ModelSources {
  checkRange('askAbove', askAbove, [0, Infinity]);
  return {
    assetBase: assetBase === undefined ? undefined : resolveFolder(assetBase),
    mirror: mirror === undefined ? undefined : resolveFolder(mirror),
    askAbove,
    onAsk,
  };
}

/** What every request says that has to do with models. */
export function modelsRequest({
  assetBase,
  mirror,
}: Pick<ModelSources, 'assetBase' | 'mirror'>): ModelsRequest {
  return {
    protocolVersion: PROTOCOL_VERSION,
    ...modelFolder(assetBase),
    ...(mirror && {mirror: mirror.href}),
  };
}

/**
 * Asks before models are downloaded, where the page or the visitor sets a limit. Page thread.
 * @throws as `askBefore`.
 */
export async function askWithin(
  modelIds: readonly string[],
  sources: ModelSources,
  {host, signal}: {readonly host: EngineHost; readonly signal: AbortSignal},
): Promise<void> {
  const {askAbove, onAsk} = sources;
  const savesData = isDataSaved();
  if (modelIds.length === 0 || (askAbove === undefined && !savesData)) return;
  const request = {...modelsRequest(sources), modelIds, savesData, ...(askAbove !== undefined && {askAbove})};
  await askBefore(request, {host, onAsk, signal});
}

/** Whether the visitor has asked the browser to save data; false where browsers do not tell. */
function isDataSaved(): boolean {
  const {connection} = navigator as {readonly connection?: {readonly saveData?: boolean}};
  return connection?.saveData === true;
}
