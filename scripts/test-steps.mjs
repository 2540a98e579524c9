import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {ensureChromium} from './install-chromium.mjs';
import {packageFile, repositoryRoot} from './prepare.mjs';

/**
 * One step of `npm test`. A `check` passes or fails as a whole; `tests` are counted one by one.
 * @typedef {object} Step
 * @property {string} name
 * @property {'check' | 'tests'} kind
 * @property {readonly string[]} command What Node is to run.
 * @property {() => Promise<Record<string, string>>} [prepare] Gives further environment variables.
 */

/** @type {readonly Step[]} */
const allSteps = [
  {name: 'format', kind: 'check', command: [packageFile('prettier/bin/prettier.cjs'), '--check', '.']},
  {name: 'lint', kind: 'check', command: [packageFile('eslint/bin/eslint.js'), '--max-warnings', '0', '.']},
  {name: 'types', kind: 'check', command: [packageFile('typescript/bin/tsc'), '--build']},
  testsIn('unit'),
  testsIn('property'),
  testsIn('golden'),
  {name: 'build-demo', kind: 'check', command: [packageFile('vite/bin/vite.js'), 'build']},
  {
    name: 'build-package',
    kind: 'check',
    command: [packageFile('vite/bin/vite.js'), 'build', '--mode', 'package'],
  },
  {
    name: 'build-command',
    kind: 'check',
    command: [packageFile('vite/bin/vite.js'), 'build', '--mode', 'command'],
  },
  {name: 'build-types', kind: 'check', command: [join(repositoryRoot, 'scripts/build-types.mjs')]},
  testsIn('contract'),
  {...testsIn('package'), prepare: nameChromium},
  {...testsIn('browser'), prepare: nameChromium},
];

/**
 * The steps in their order: what is quick to fail comes first, what needs the build comes after it. A folder of
 * tests that does not exist yet has no step; one that exists and holds no test fails.
 * @type {readonly Step[]}
 */
export const steps = allSteps.filter(
  ({kind, name}) => kind === 'check' || existsSync(join(repositoryRoot, 'test', name)),
);

async function nameChromium() {
  return {EARSHOT_CHROMIUM: await ensureChromium()};
}

/**
 * @param {string} folder below test/
 * @returns {Step}
 */
function testsIn(folder) {
  const command = [packageFile('vitest/vitest.mjs'), 'run', `test/${folder}/`, '--allowOnly=false'];
  return {name: folder, kind: 'tests', command};
}
