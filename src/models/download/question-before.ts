import type {DownloadQuestion, MissingFile} from '../../protocol/download-question.ts';

/** When to ask. */
export interface AskOptions {
  /** More than so many megabytes are not downloaded unasked; 0 or more. Default: any number is. */
  readonly askAbove?: number | undefined;
  /** Whether the visitor wants to save data. Default false. */
  readonly savesData?: boolean | undefined;
}

const MEGABYTE = 1e6;

/** Most megabytes for those who save data: above the built-in keyword model (0.2 MB), below all that transcribes. */
const SAVE_DATA_MEGABYTES = 1;

/**
 * What to ask before these files are downloaded; undefined where nothing need be asked. Pure.
 * @throws RangeError where `askAbove` is no number from 0 on.
 */
export function questionBefore(
  files: readonly MissingFile[],
  {askAbove = Infinity, savesData = false}: AskOptions,
): DownloadQuestion | undefined {
  if (!(askAbove >= 0)) throw new RangeError(`got askAbove ${askAbove}, expected megabytes, 0 or more`);
  if (files.length === 0) return undefined;
  const totalBytes = files.reduce((sum, {bytes = 0}) => sum + bytes, 0);
  const isUnknown = files.some(({bytes}) => bytes === undefined);
  const mayPass = (megabytes: number): boolean =>
    megabytes === Infinity || (!isUnknown && totalBytes <= megabytes * MEGABYTE);
  if (!mayPass(askAbove)) return {files, totalBytes, reason: 'size'};
  if (savesData && !mayPass(SAVE_DATA_MEGABYTES)) return {files, totalBytes, reason: 'save-data'};
  return undefined;
}

/** Whether the visitor has asked the browser to save data; false where browsers do not tell. */
export function savesData(device: object): boolean {
  const {connection} = device as {readonly connection?: {readonly saveData?: unknown}};
  return connection?.saveData === true;
}
