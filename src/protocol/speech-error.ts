const CODES = [
  'not-allowed',
  'audio-capture',
  'network',
  'aborted',
  'no-speech',
  'model-integrity',
  'model-format',
  'lexicon',
  'audio-format',
  'engine-unavailable',
  'csp-blocked',
  'device-lost',
  'overrun',
  'storage-full',
  'internal',
] as const;

/**
 * Every way in which Earshot fails. The first five are named as in the Web Speech API; `device-lost` is a microphone
 * taken away while listening; `lexicon` is a hot word, or a language model, that the system cannot spell or say;
 * `internal` is a defect of Earshot itself.
 */
export type SpeechErrorCode = (typeof CODES)[number];

/** An error with a `code` to branch on; the message states what was got and what was expected. Any thread. */
export class SpeechError extends Error {
  readonly code: SpeechErrorCode;

  constructor(code: SpeechErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SpeechError';
    this.code = code;
  }
}

/** An error as it crosses threads: plain data, no stack. */
export interface ErrorReport {
  readonly code: SpeechErrorCode;
  readonly message: string;
}

function codeOf(error: unknown): SpeechErrorCode {
  if (error instanceof Error && error.name === 'AbortError') return 'aborted';
  const code = (error as {code?: unknown} | null)?.code;
  return CODES.find((known) => known === code) ?? 'internal';
}

/** Turns anything thrown into data that may cross threads. An unknown error becomes `internal`. */
export function toErrorReport(error: unknown): ErrorReport {
  return {code: codeOf(error), message: error instanceof Error ? error.message : String(error)};
}

/** Rebuilds the error on the receiving thread; the report itself is kept as `cause`. */
export function fromErrorReport(report: ErrorReport): SpeechError {
  return new SpeechError(report.code, report.message, {cause: report});
}

/** The error itself where it has a code already, else one with its code and the error as `cause`. */
export function toSpeechError(error: unknown): SpeechError {
  if (error instanceof SpeechError) return error;
  const {code, message} = toErrorReport(error);
  return new SpeechError(code, message, {cause: error});
}
