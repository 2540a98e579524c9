import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {findChromium} from './find-chromium.mjs';
import {packageFile, repositoryRoot} from './prepare.mjs';

const advice = `No Chromium to test with, and none could be installed. Do one of these, then run again:
  * install one: "sudo apt-get install chromium" on Debian and Ubuntu, or Google Chrome anywhere;
  * let Playwright download one: "npx playwright-core install --with-deps chromium";
  * name one that you have: "EARSHOT_CHROMIUM=/path/to/chrome npm test".`;

/**
 * Finds a Chromium, or installs one: Debian's package where this is root on Debian, else Playwright's.
 * @returns {Promise<string>} path of the executable.
 * @throws Error that says what to do, where none can be had.
 */
export async function ensureChromium() {
  const installers = [installFromDebian, installFromPlaywright];
  let path = await findChromium();
  for (const install of installers) {
    if (path) return path;
    if (install()) path = await findChromium();
  }
  if (path) return path;
  throw new Error(advice);
}

/** @returns {boolean} */
function installFromDebian() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log('Installing Chromium from Debian …');
  const environment = {...process.env, DEBIAN_FRONTEND: 'noninteractive'};
  return (
    run('apt-get', ['update'], environment) && run('apt-get', ['install', '-y', 'chromium'], environment)
  );
}

/** @returns {boolean} */
function installFromPlaywright() {
  console.log('Downloading Chromium through Playwright …');
  const command = [packageFile('playwright-core/cli.js'), 'install', 'chromium'];
  return run(process.execPath, command, process.env);
}

/**
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether it succeeded.
 */
function run(command, commandArguments, env) {
  const options = {cwd: repositoryRoot, stdio: /** @type {const} */ ('inherit'), env};
  return spawnSync(command, commandArguments, options).status === 0;
}
