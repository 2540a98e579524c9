import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

/** Folder of the repository. */
export const repositoryRoot = resolve(import.meta.dirname, '..');

/** Node versions that Vite 8 runs on: 20.19 and later of 20, 22.12 and later. */
const oldestNode = [
  [20, 19],
  [22, 12],
];

/**
 * Ends the process with a clear message where Node is too old to go on.
 */
export function requireNodeVersion() {
  if (isNodeVersionSupported(process.versions.node)) return;
  console.error(
    `Earshot needs Node 20.19 or later, or 22.12 or later; this is Node ${process.versions.node}.`,
  );
  process.exit(1);
}

/**
 * Whether this project runs on a version of Node.
 * @param {string} version for example "20.19.0"
 * @returns {boolean}
 */
export function isNodeVersionSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const sameMajor = oldestNode.find(([oldestMajor]) => oldestMajor === major);
  if (sameMajor) return minor >= (sameMajor[1] ?? 0);
  return major > 22; // as package.json says
}

/**
 * Installs the packages of the lockfile where they are missing or differ from it, and nothing else.
 * Ends the process where npm fails.
 */
export function installPackages() {
  if (arePackagesInstalled(repositoryRoot)) return;
  console.log('Installing packages (npm ci) …');
  const {status} = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: repositoryRoot,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error('npm ci failed: see above. Without its packages Earshot can neither be built nor tested.');
  process.exit(1);
}

/**
 * Whether what npm has installed is what the lockfile asks for. npm leaves a copy of the lockfile beside the
 * packages, without the root's own entry and without packages of other platforms.
 * @param {string} folder
 * @returns {boolean}
 */
export function arePackagesInstalled(folder) {
  const installedLock = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const wanted = readLock(join(folder, 'package-lock.json'));
  const installed = readLock(installedLock);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

/**
 * @param {string} path
 * @returns {Record<string, {version?: string, optional?: boolean}>}
 */
function readLock(path) {
  const lock = /** @type {{packages: ReturnType<typeof readLock>}} */ (
    JSON.parse(readFileSync(path, 'utf8'))
  );
  return lock.packages;
}

/**
 * Path of a file that a package brings, for `process.execPath` to run.
 * @param {string} path below node_modules
 * @returns {string}
 */
export function packageFile(path) {
  return join(repositoryRoot, 'node_modules', path);
}
