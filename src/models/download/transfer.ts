import {SpeechError} from '../../protocol/speech-error.ts';
import {chunksOfStream} from '../chunks-of-stream.ts';
import {ModelIntegrityError} from '../model-integrity-error.ts';
import type {Expectation, KnownFile} from './expectation.ts';
import {explainFailure, isOtherSite, type PolicyWatch} from './network-failure.ts';
import type {PartialContent} from './partial-content.ts';
import {pause} from './pause.ts';
import {readAnswer, type RangeAnswer, type RangeRequest} from './range-answer.ts';
import {delayBeforeRetry, PassingError, retryAfterMs, type RetryOptions} from './retry.ts';
import {StallWatch} from './stall-watch.ts';

/** What all addresses of a file have in common. */
export interface TransferJob {
  readonly content: PartialContent;
  readonly expectation: Expectation;
  readonly policy: PolicyWatch;
  readonly signal: AbortSignal;
  readonly onProgress: (loadedBytes: number, totalBytes: number) => void;
  readonly retry: RetryOptions;
  /** A request that brings nothing for so long is lost, milliseconds. */
  readonly stallMs: number;
  readonly cache: RequestCache;
}

/** A request, and what its answer is read by. */
interface Request extends RangeRequest {
  readonly headers: Headers;
}

/** From this size on a file is asked for uncompressed from the first request on: only so can the rest be asked for. */
const PLAIN_BYTES = 16 * 1024 * 1024;

/** A connection that brings less before it is lost counts as one that brings nothing. */
const MIN_GAIN_BYTES = 64 * 1024;

/** Brings a file from one address, in as many requests as it takes. Worker or Node. */
export class Transfer {
  readonly #url: string;
  readonly #job: TransferJob;
  #from: string; // the address, and where it led
  #totalBytes: number;
  #hasAnswered = false;
  #hasStartedAnew = false;
  #failureCount = 0;

  constructor(url: string, job: TransferJob) {
    this.#url = url;
    this.#from = url;
    this.#job = job;
    this.#totalBytes = job.expectation.totalBytes ?? 0;
  }

  /**
   * Asks until the file is whole. What came stays where it fails.
   * @throws SpeechError `network` or `csp-blocked` where the address does not deliver; ModelIntegrityError where it
   * delivers something else; StorageFullError; the signal's reason where it aborts.
   */
  async run(): Promise<KnownFile> {
    const {content} = this.#job;
    for (;;) {
      const bytesBefore = content.bytes;
      try {
        await this.#complete();
        return await this.#checkWhole();
      } catch (error) {
        if (!(error instanceof PassingError)) throw error;
        await this.#wait(error, content.bytes - bytesBefore);
      }
    }
  }

  /** Asks for what is missing, in one request. */
  async #complete(): Promise<void> {
    const {content, expectation, signal, stallMs} = this.#job;
    this.#tell();
    if (expectation.sizes.includes(content.bytes)) return;
    const watch = new StallWatch(signal, stallMs);
    try {
      const request = this.#nextRequest();
      const response = await this.#ask(request, watch.signal);
      const answer = readAnswer(response, request);
      if (answer.kind === 'all-there') return;
      await this.#receive(response, await this.#begin(answer, response), watch);
    } finally {
      watch.stop();
    }
  }

  #nextRequest(): Request {
    const {content, expectation} = this.#job;
    const {bytes, validator} = content;
    const {isPinned} = expectation;
    // a digest decides over a file that is pinned, so the rest may be asked for without knowing its version
    const canResume = (validator !== undefined || isPinned) && expectation.mayContinue(bytes);
    const offset = canResume ? bytes : 0;
    const asksForRange = offset > 0 || this.#failureCount > 0 || this.#totalBytes >= PLAIN_BYTES;
    const isOther = isOtherSite(this.#url);
    // If-Range needs a preflight that many other sites refuse; the head of the answer is compared either way
    const ifRange = offset > 0 && !isOther ? validator : undefined;
    const headers = new Headers(asksForRange ? {Range: `bytes=${offset}-`} : {}); // browsers ask for it uncompressed
    if (ifRange !== undefined) headers.set('If-Range', ifRange);
    // another site's server may hide that it compresses
    const isPlain = asksForRange || !isOther;
    return {headers, offset, validator, isPlain, mustMatch: !isPinned && ifRange === undefined};
  }

  async #ask({headers}: Request, signal: AbortSignal): Promise<Response> {
    const {cache, policy} = this.#job;
    const response = await fetch(this.#url, {headers, cache, signal}).catch(async (cause: unknown) => {
      this.#job.signal.throwIfAborted();
      const [url, hasAnswered, failureCount] = [this.#url, this.#hasAnswered, this.#failureCount];
      throw await explainFailure(cause, {url, hasAnswered, failureCount, policy});
    });
    this.#hasAnswered = true;
    this.#from = response.redirected ? `${this.#url}, which leads to ${response.url}` : this.#url;
    return response;
  }

  /** Makes what is there ready for what an answer brings; gives the bytes of the whole file, where they are known. */
  async #begin(
    answer: Exclude<RangeAnswer, {kind: 'all-there'}>,
    response: Response,
  ): Promise<number | undefined> {
    const {content, expectation} = this.#job;
    switch (answer.kind) {
      case 'wait':
        throw new PassingError(this.#statusText(response), {
          afterMs: retryAfterMs(response.headers, Date.now()),
        });
      case 'refused':
        throw new SpeechError('network', this.#statusText(response));
      case 'start-anew':
        await content.restart();
        throw new PassingError(`got ${answer.got} from ${this.#from}`);
      case 'append':
        expectation.checkHead(response, answer.totalBytes, this.#from);
        content.resume();
        return answer.totalBytes;
      case 'start':
        expectation.checkHead(response, answer.totalBytes, this.#from);
        await content.restart(answer.validator);
        return answer.totalBytes;
    }
  }

  async #receive({body}: Response, answeredBytes: number | undefined, watch: StallWatch): Promise<void> {
    const {content, expectation} = this.#job;
    this.#totalBytes = answeredBytes ?? this.#totalBytes;
    this.#tell(); // that it has begun anew, too
    for await (const chunk of this.#chunksOf(body)) {
      watch.touch();
      expectation.checkLength(content.bytes + chunk.length, this.#from);
      await content.append(chunk);
      this.#tell();
    }
    // a connection without a length ends alike whether it was lost or not
    const leastBytes = answeredBytes ?? expectation.leastBytes;
    if (content.bytes < leastBytes) throw this.#lost();
  }

  async *#chunksOf(body: Response['body']): AsyncGenerator<Uint8Array, void, void> {
    if (!body) throw this.#lost();
    try {
      yield* chunksOfStream(body);
    } catch (cause) {
      this.#job.signal.throwIfAborted();
      throw this.#lost(cause);
    }
  }

  /** What is of several answers may be of several versions: then it is worth another try, once. */
  async #checkWhole(): Promise<KnownFile> {
    const {content, expectation} = this.#job;
    try {
      return await expectation.checkWhole(content, this.#from);
    } catch (error) {
      const mayBeMixed = error instanceof ModelIntegrityError && !content.isOfOneAnswer;
      if (!mayBeMixed || this.#hasStartedAnew) throw error;
      this.#hasStartedAnew = true;
      await content.restart();
      throw new PassingError(error.message, {cause: error});
    }
  }

  async #wait(error: PassingError, gainedBytes: number): Promise<void> {
    this.#failureCount = gainedBytes >= MIN_GAIN_BYTES ? 1 : this.#failureCount + 1;
    const {retry, signal} = this.#job;
    const delayMs = delayBeforeRetry(this.#failureCount, error, retry);
    if (delayMs === undefined) throw error;
    await pause(delayMs, signal, () => {
      this.#tell();
    });
  }

  #tell(): void {
    this.#job.onProgress(this.#job.content.bytes, this.#totalBytes);
  }

  #lost(cause?: unknown): PassingError {
    const expected = this.#totalBytes === 0 ? 'the whole file' : `${this.#totalBytes} bytes`;
    return new PassingError(`got ${this.#job.content.bytes} bytes from ${this.#from}, expected ${expected}`, {
      cause,
    });
  }

  #statusText({status, headers}: Response): string {
    const after = headers.get('retry-after');
    const later = after === null ? '' : ` (to be asked again after ${after})`;
    return `got HTTP status ${status}${later} from ${this.#from}, expected the file`;
  }
}
