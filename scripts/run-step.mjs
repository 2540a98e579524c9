import {spawn} from 'node:child_process';
import {existsSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {repositoryRoot} from './prepare.mjs';
import {countTests} from './test-report.mjs';

const KILL_AFTER_MS = 5000; // what a browser gets to go away in peace

/**
 * What came of a step.
 * @typedef {object} StepResult
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} failures What failed, a line each.
 * @property {readonly string[]} skipped What did not run, a line each, with the reason where its title gives one.
 * @property {number} seconds
 */

/**
 * Runs one step to its end, or to the deadline, its output going where this process's goes.
 * @param {import('./test-steps.mjs').Step} step
 * @param {AbortSignal} signal stops the step; it then counts as failed.
 * @returns {Promise<StepResult>}
 */
export async function runStep(step, signal) {
  const start = performance.now();
  const counts = await countStep(step, signal);
  return {name: step.name, ...counts, seconds: (performance.now() - start) / 1000};
}

/**
 * @param {import('./test-steps.mjs').Step} step
 * @param {AbortSignal} signal
 * @returns {Promise<import('./test-report.mjs').Counts>}
 */
async function countStep(step, signal) {
  const env = {...process.env};
  try {
    Object.assign(env, await step.prepare?.());
  } catch (error) {
    return failedAsAWhole(step, error instanceof Error ? error.message : String(error));
  }
  if (step.kind === 'check') {
    const problem = await runNode(step.command, env, signal);
    return problem ? failedAsAWhole(step, problem) : {passed: 1, failed: 0, failures: [], skipped: []};
  }
  const report = join(repositoryRoot, `.cache/test-reports/${step.name}.json`);
  rmSync(report, {force: true});
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const problem = await runNode([...step.command, ...reporters], env, signal);
  if (!existsSync(report)) return failedAsAWhole(step, problem ?? 'Vitest wrote no report');
  const counts = countTests(report, repositoryRoot);
  if (problem && counts.failed === 0) return {...counts, failed: 1, failures: [`${step.name}: ${problem}`]};
  return counts;
}

/**
 * @param {import('./test-steps.mjs').Step} step
 * @param {string} problem
 * @returns {import('./test-report.mjs').Counts}
 */
function failedAsAWhole(step, problem) {
  return {passed: 0, failed: 1, failures: [`${step.name}: ${problem}`], skipped: []};
}

/**
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>} what went wrong, if anything did.
 */
function runNode(command, env, signal) {
  return new Promise((done) => {
    if (signal.aborted) {
      done('not started: no time left');
      return;
    }
    // a process group of its own, so that its workers and browsers can be stopped with it
    const child = spawn(process.execPath, command, {
      cwd: repositoryRoot,
      stdio: 'inherit',
      env,
      detached: true,
    });
    const stop = () => {
      stopGroup(child);
    };
    signal.addEventListener('abort', stop, {once: true});
    child.once('error', (error) => {
      done(error.message);
    });
    child.once('exit', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) done('stopped: no time left, or interrupted');
      else if (killedBy) done(`killed by ${killedBy}`);
      else done(code === 0 ? undefined : `ended with exit code ${code}`);
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function stopGroup(child) {
  const {pid} = child;
  if (pid === undefined) return;
  process.kill(-pid, 'SIGTERM');
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), KILL_AFTER_MS);
  child.once('exit', () => {
    clearTimeout(timer);
  });
}
