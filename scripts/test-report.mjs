import {readFileSync} from 'node:fs';
import {relative} from 'node:path';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} failures
 * @property {readonly string[]} skipped
 */

/**
 * The parts of Vitest's JSON report that are used here.
 * @typedef {object} FileReport
 * @property {string} name Path of the test file.
 * @property {'passed' | 'failed'} status
 * @property {string} message Why the file as a whole failed, for example in a hook or at an import.
 * @property {readonly {fullName: string, status: string}[]} assertionResults
 */

/**
 * Counts what Vitest reported. A test that was to run and did not (its hook failed, its process died) counts as
 * failed, and so does a file that could not be loaded: neither may pass for a skip.
 * @param {string} path of the JSON report
 * @param {string} root against which file names are given
 * @returns {Counts}
 */
export function countTests(path, root) {
  const report = /** @type {{testResults: readonly FileReport[]}} */ (JSON.parse(readFileSync(path, 'utf8')));
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  /** @type {string[]} */
  const skipped = [];
  for (const file of report.testResults) {
    const fileName = relative(root, file.name);
    const failuresBefore = failures.length;
    for (const {fullName, status} of file.assertionResults) {
      const line = `${fileName}: ${fullName}`;
      if (status === 'passed') passed++;
      else if (status === 'skipped' || status === 'todo') skipped.push(line);
      else failures.push(status === 'failed' ? line : `${line} (did not run)`);
    }
    if (file.status === 'failed' && failures.length === failuresBefore) {
      failures.push(`${fileName}: ${file.message || 'failed outside of its tests'}`);
    }
  }
  return {passed, failed: failures.length, failures, skipped};
}
