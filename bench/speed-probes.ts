/**
 * Prints how much slower a large network is than the part of it by which its speed is estimated: `timeRatio` of
 * src/systems/<id>/speed-probe.ts. Both in 8 bits, with invented weights of the published sizes, in onnxruntime-web on one
 * thread, by turns in each round, in processor time of this process, the least of each: other programs that take turns with it
 * add nothing to that. wav2vec2-base runs an utterance whole, DeepSpeech2 a chunk as it streams.
 * Usage: npx tsx bench/speed-probes.ts wav2vec2-base|deepspeech2 [rounds]
 */
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import {openOnnxNetwork} from '../src/engine/onnx-files.ts';
import type {Graph} from '../src/graph/graph.ts';
import {networkOfGraph} from '../src/import/network-of-graph.ts';
import {createStates} from '../src/pipeline/create-states.ts';
import {inventedCheckpoint, inventedNoise} from '../src/systems/speed-probe.ts';
import {findSpeedProbe} from '../src/systems/speed-probes.ts';
import {largeSystems, type LargeSystemId} from './large/large-systems.ts';

/** Length of an utterance. */
const UTTERANCE_SECONDS = 5;

interface Contender {
  readonly run: () => Promise<unknown>;
  readonly seconds: number;
  bestMs: number;
}

async function open(graph: Graph, valueCount: number, seconds: number): Promise<Contender> {
  const network = await networkOfGraph(graph, 'int8');
  const options = {numerics: network.numerics, assets: nodeEngineAssets(), threadCount: 1};
  const model = await openOnnxNetwork(network, options);
  const inputs = [inventedNoise(valueCount, 1), ...createStates(model)];
  return {run: () => model.run(inputs), seconds, bestMs: Infinity};
}

const [systemId = 'wav2vec2-base', rounds = '5'] = process.argv.slice(2);
const probe = await findSpeedProbe(systemId);
if (!probe) throw new RangeError(`got ${systemId}, expected ${Object.keys(largeSystems).join(' or ')}`);
const {system, shapes} = largeSystems[systemId as LargeSystemId];
const part = await open(probe.buildGraph(), probe.valueCount, probe.seconds);
const seconds = system.kind === 'whole-utterance' ? UTTERANCE_SECONDS : probe.seconds;
const valueCount = Math.round((probe.valueCount * seconds) / probe.seconds);
const whole = await open(system.buildGraph(inventedCheckpoint(shapes)), valueCount, seconds);
for (let round = 0; round < Number(rounds); round++) {
  for (const contender of [part, whole]) {
    const before = process.cpuUsage();
    await contender.run();
    contender.bestMs = Math.min(contender.bestMs, process.cpuUsage(before).user / 1000);
  }
}
const factorOf = ({bestMs, seconds}: Contender): number => bestMs / 1000 / seconds;
console.log(
  `${systemId}, best of ${rounds} rounds: real-time factor of the part ${factorOf(part).toFixed(3)}, of the whole ${factorOf(whole).toFixed(3)}, ratio ${(factorOf(whole) / factorOf(part)).toFixed(2)}`,
);
