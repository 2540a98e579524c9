/**
 * A server of one file in a process of its own, to be killed.
 * Usage: node --import tsx model-server.child.ts FILE PORT BEHAVIOUR; prints the port once it listens, then the Range
 * of every request for the file.
 */
import {readFileSync} from 'node:fs';
import {startModelServer, type ServerBehaviour} from './model-server.ts';

const [file = '', port = '0', behaviour = '{}'] = process.argv.slice(2);
const server = await startModelServer(
  readFileSync(file),
  JSON.parse(behaviour) as ServerBehaviour,
  Number(port),
);
console.log(server.port);
let printedCount = 0;
setInterval(() => {
  for (const {headers} of server.requests.slice(printedCount)) console.log(headers.range ?? '');
  printedCount = server.requests.length;
}, 20);
