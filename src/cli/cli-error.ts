/** A command that failed, with what the user needs to know in one line. */
export class CliError extends Error {
  /** Typed errors' code, where there is one. */
  readonly code: string | undefined;

  constructor(message: string, options: {readonly code?: string | undefined; readonly cause?: unknown} = {}) {
    super(message, {cause: options.cause});
    this.name = 'CliError';
    this.code = options.code;
  }
}

/** A command line that cannot be understood: the command ends with exit code 2 and a hint at the help. */
export class UsageError extends CliError {}

/** The code of a typed error, for example `model-format`; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Runs a step that works on one file; whatever it throws names the file.
 * @throws CliError with the code of what was thrown, which is its cause.
 */
export async function namingFile<Value>(file: string, step: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof CliError || !(cause instanceof Error)) throw cause;
    const code = codeOf(cause);
    if (code === 'ENOENT') throw new CliError(`${file}: no such file`, {cause});
    if (code === 'ENOTDIR') throw new CliError(`${file}: got a file, expected a folder`, {cause});
    if (code === 'EISDIR') throw new CliError(`${file}: got a folder, expected a file`, {cause});
    throw new CliError(`${file}: ${cause.message}`, {code, cause});
  }
}
