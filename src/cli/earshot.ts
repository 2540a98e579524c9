#!/usr/bin/env node
import process from 'node:process';
import type {Output} from './command.ts';
import {runEarshot} from './run-earshot.ts';

const output: Output = {
  print: (text) => void process.stdout.write(`${text}\n`),
  warn: (text) => void process.stderr.write(`${text}\n`),
};

// `earshot … | head` closes the pipe early: the reader has what it wanted, so that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Not process.exit(): what was written to a pipe would be cut off.
process.exitCode = await runEarshot(process.argv.slice(2), output);
