/**
 * A server of one file in a process of its own, to be killed.
 * Usage: node --import tsx model-server.child.ts FILE PORT BEHAVIOUR; prints the port once it listens.
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
