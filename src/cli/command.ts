/** Where a command writes. Answers go to the standard output, everything else to the standard error. */
export interface Output {
  /** One line, or lines, of the answer. */
  print(text: string): void;
  /** One line that is not part of the answer. */
  warn(text: string): void;
}

/** One subcommand of `earshot`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /**
   * Runs the command to its end.
   * @throws UsageError where the arguments cannot be understood, and the typed errors of what it runs.
   */
  run(args: readonly string[], output: Output): Promise<void>;
}
