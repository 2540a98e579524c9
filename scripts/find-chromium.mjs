import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';

const commandNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Finds a Chromium to test with: the one that EARSHOT_CHROMIUM names, else one installed on the system, else the
 * one that Playwright has downloaded.
 * @returns {Promise<string | undefined>} path of the executable.
 * @throws where EARSHOT_CHROMIUM names a file that cannot be run.
 */
export async function findChromium() {
  const named = process.env['EARSHOT_CHROMIUM'];
  if (named) {
    if (!isExecutable(named)) throw new Error(`EARSHOT_CHROMIUM: got ${named}, expected an executable file`);
    return named;
  }
  return findSystemChromium() ?? (await findPlaywrightChromium());
}

/** @returns {string | undefined} */
function findSystemChromium() {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = commandNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...macApplications].find(isExecutable);
}

/** @returns {Promise<string | undefined>} */
async function findPlaywrightChromium() {
  const {chromium} = await import('playwright-core');
  const path = chromium.executablePath();
  return isExecutable(path) ? path : undefined;
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
