import {SpeechError, type SpeechErrorCode} from '../../protocol/speech-error.ts';
import type {ModelFile} from '../model-file.ts';
import {ModelIntegrityError} from '../model-integrity-error.ts';
import {choiceFor} from '../running-digests.ts';
import type {PartialFile} from '../storage/model-store.ts';
import {Expectation, type KnownFile, type TakenFiles} from './expectation.ts';
import {PolicyWatch} from './network-failure.ts';
import {PartialContent} from './partial-content.ts';
import type {RetryOptions} from './retry.ts';
import {Transfer, type TransferJob} from './transfer.ts';

export type {KnownFile} from './expectation.ts';

/** How to download. */
export interface DownloadOptions extends TakenFiles {
  readonly signal: AbortSignal;
  /**
   * Told how many bytes are there, of how many (0 where unknown), at least every five seconds. They become fewer where
   * the server has another version than what is there.
   */
  readonly onProgress: (loadedBytes: number, totalBytes: number) => void;
  readonly retry?: RetryOptions | undefined;
  /** A connection that brings nothing for so long is lost, milliseconds. Default 20,000. */
  readonly stallMs?: number | undefined;
  /** Default `no-store`: what is kept as a model need not be kept as a page's file too. */
  readonly cache?: RequestCache | undefined;
}

/** Below the 30 s after which a page takes a silent worker for lost. */
const STALL_MS = 20_000;

/**
 * Downloads a file, or the rest of it, to where it is kept while it is not whole, and compares it with what is accepted;
 * the caller commits or closes it. Asks again with growing waits where a connection is lost, goes on where the last one
 * ended if the server can tell that the file is still the same, and takes the next address where one fails. Worker or
 * Node.
 * @throws ModelIntegrityError where no address gives the file: then `partial` is discarded.
 * @throws SpeechError `network` and `csp-blocked` (it says which line to add), StorageFullError, the signal's reason
 * where it aborts: then what came stays in `partial`, to go on with.
 */
export async function downloadFile(
  file: ModelFile,
  partial: PartialFile,
  options: DownloadOptions,
): Promise<KnownFile> {
  const {signal, onProgress, retry = {}, stallMs = STALL_MS, cache = 'no-store'} = options;
  const expectation = new Expectation(file, options);
  const policy = new PolicyWatch();
  try {
    const content = await PartialContent.open(partial, choiceFor(file.accepted), {
      expectedBytes: expectation.totalBytes,
      signal,
      onPulse: () => {
        onProgress(partial.sizeBytes, expectation.totalBytes ?? 0);
      },
    });
    return await tryEach(file, {content, expectation, policy, signal, onProgress, retry, stallMs, cache});
  } catch (error) {
    if (hasCode(error, 'model-integrity')) await partial.discard();
    throw error;
  } finally {
    policy.stop();
  }
}

async function tryEach({name, urls}: ModelFile, job: TransferJob): Promise<KnownFile> {
  const failures: Error[] = [];
  for (const url of urls) {
    try {
      return await new Transfer(url, job).run();
    } catch (error) {
      if (!isOfAddress(error)) throw error;
      failures.push(error);
      if (error instanceof ModelIntegrityError) await job.content.restart();
    }
  }
  throw combine(failures, name);
}

/** In the order of what tells most. */
const ADDRESS_CODES: readonly SpeechErrorCode[] = ['model-integrity', 'csp-blocked', 'network'];

/** Whether another address may do better. */
function isOfAddress(error: unknown): error is Error {
  return ADDRESS_CODES.some((code) => hasCode(error, code));
}

function hasCode(error: unknown, code: SpeechErrorCode): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** One error that says of every address why it failed. */
function combine(failures: readonly Error[], name: string): Error {
  const [first] = failures;
  if (!first) return new SpeechError('network', `got no address of ${name}, expected one`);
  if (failures.length === 1) return first;
  const code =
    ADDRESS_CODES.find((candidate) => failures.some((error) => hasCode(error, candidate))) ?? 'network';
  const message = failures.map((error) => error.message).join('; ');
  return new SpeechError(code, message, {cause: new AggregateError(failures)});
}
