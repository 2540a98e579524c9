import {buildLm} from './build-lm.ts';
import {UsageError, codeOf} from './cli-error.ts';
import type {Command, Output} from './command.ts';
import {evaluate} from './evaluate.ts';
import {importNetwork} from './import-command.ts';
import {perplexity} from './perplexity.ts';
import {spot} from './spot.ts';
import {transcribe} from './transcribe.ts';

const commands: readonly Command[] = [spot, transcribe, evaluate, importNetwork, buildLm, perplexity];

/** Exit codes: done, failed, command line not understood. */
export type ExitCode = 0 | 1 | 2;

const help = `\
Usage: earshot COMMAND [arguments]

Speech recognition on this machine: the same systems and the same pipeline as the page.

${commands.map(({name, summary}) => `  ${name.padEnd(12)} ${summary}`).join('\n')}

earshot COMMAND --help says more of each.`;

/**
 * Runs one command line. Whatever fails is told in one line on the standard error, "earshot: …", with the error's code
 * where it has one; nothing is thrown.
 */
export async function runEarshot(args: readonly string[], output: Output): Promise<ExitCode> {
  try {
    await dispatch(args, output);
    return 0;
  } catch (error) {
    output.warn(`earshot: ${describeError(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch([name, ...args]: readonly string[], output: Output): Promise<void> {
  if (name === '--help' || name === '-h' || name === 'help') {
    output.print(help);
    return;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const got = name === undefined ? 'no command' : `"${name}"`;
    throw new UsageError(`got ${got}, expected one of: ${commands.map((known) => known.name).join(', ')}`);
  }
  if (args.includes('--help') || args.includes('-h')) output.print(command.help);
  else await command.run(args, output);
}

/** One line, whatever was thrown. */
function describeError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const hint = error instanceof UsageError ? ' (earshot --help)' : '';
  const text = code === undefined || error instanceof UsageError ? message : `${code}: ${message}`;
  return `${text}${hint}`.replaceAll(/\s*\n\s*/g, ' ');
}
