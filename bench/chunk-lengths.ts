/**
 * Prints what a second of sound costs the built-in transcriber in chunks of several lengths: its network with its front
 * end, on each engine that runs it in WebAssembly, one thread, in Node. CPU time of this process, the lowest of the
 * rounds; all take turns in every round, so that what else the machine does falls on all alike: ratios carry further than
 * times. A chunk is how often a page sees more text; the outputs are the same.
 * Usage: npx tsx bench/chunk-lengths.ts [--rounds 10] [--seconds 3]
 */
import {cpus, loadavg} from 'node:os';
import {parseArgs} from 'node:util';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import {loadModel} from '../src/engine/engines.ts';
import {RecurrentNetwork} from '../src/pipeline/recurrent-network.ts';
import {card} from '../src/systems/earshot-ctc/card.ts';
import {earshotCtcWith} from '../src/systems/earshot-ctc/system.ts';
import {inventedNoise} from '../src/systems/speed-probe.ts';
import {readBuiltInWeights} from '../test/support/built-in-network.ts';
import {runAcousticNetwork} from '../test/support/run-acoustic-network.ts';
import {processorTimeOf} from './processor-time.ts';

const ENGINES = ['tfjs', 'onnx'] as const;
const STEP_OUTPUTS = [2, 4, 6, 8];
/** Of one output. */
const OUTPUT_MS = 30;

interface Contender {
  readonly name: string;
  readonly network: RecurrentNetwork;
  bestMs: number;
}

async function openContender(engine: (typeof ENGINES)[number], stepOutputs: number): Promise<Contender> {
  const system = earshotCtcWith(stepOutputs);
  const tokens = card.phones ?? card;
  const graph = system.buildGraph(weights, tokens);
  const model = await loadModel(graph, engine, {numerics: 'float32', assets: nodeEngineAssets()});
  const network = new RecurrentNetwork(system, model, 'streaming', tokens);
  return {name: `${engine}, ${stepOutputs * OUTPUT_MS} ms`, network, bestMs: Infinity};
}

const {values: asked} = parseArgs({
  options: {rounds: {type: 'string', default: '10'}, seconds: {type: 'string', default: '3'}},
});
const [rounds, seconds] = [Number(asked.rounds), Number(asked.seconds)];
const weights = readBuiltInWeights(card);
const sound = inventedNoise(seconds * earshotCtcWith(1).sampleRateHz, 0.1);
const contenders: Contender[] = [];
for (const engine of ENGINES) {
  for (const stepOutputs of STEP_OUTPUTS) contenders.push(await openContender(engine, stepOutputs));
}
for (let round = 0; round <= rounds; round++) {
  for (const contender of contenders) {
    const ms = await processorTimeOf(() => runAcousticNetwork(contender.network, sound));
    if (round > 0) contender.bestMs = Math.min(contender.bestMs, ms); // the first one compiles
  }
}
const built = contenders.find(({name}) => name === 'tfjs, 120 ms')?.bestMs ?? NaN;
console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
console.table(
  Object.fromEntries(
    contenders.map(({name, bestMs}) => [
      name,
      {
        'real-time factor': Number((bestMs / 1000 / seconds).toFixed(4)),
        'times faster than speech': Number(((1000 * seconds) / bestMs).toFixed(1)),
        'against tfjs, 120 ms': Number((bestMs / built).toFixed(2)),
      },
    ]),
  ),
);
