// `npm start`: from a bare clone to the demo in the browser. Needs Node and the npm registry, nothing else.
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {installPackages, packageFile, repositoryRoot, requireNodeVersion} from './prepare.mjs';
import {serveFolder} from './serve-folder.mjs';

const usage = 'usage: npm start -- [--port N] [--host ADDRESS]';
const portAttempts = 20;

requireNodeVersion();
const {port, host} = readOptions();
installPackages();
buildDemo();
const server = await serveFolder(join(repositoryRoot, 'dist/demo'), {port, host, portAttempts});
if (server.port !== port) console.log(`Port ${port} is busy.`);
console.log(`Earshot is at ${server.url} (Ctrl-C stops it)`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop());

/** @returns {{port: number, host: string}} */
function readOptions() {
  const {values} = parseArgs({
    options: {port: {type: 'string', default: '5173'}, host: {type: 'string', default: '127.0.0.1'}},
  });
  const number = Number(values.port);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return {port: number, host: values.host};
  console.error(`got --port ${values.port}, expected a number from 0 to 65535\n${usage}`);
  process.exit(1);
}

function buildDemo() {
  const {status} = spawnSync(process.execPath, [packageFile('vite/bin/vite.js'), 'build'], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'ignore', 'inherit'], // Vite's table of files is for `npm run build`
  });
  if (status === 0) return;
  console.error('The demo does not build: see above.');
  process.exit(1);
}

async function stop() {
  await server.close();
  console.log('\nStopped.');
}
