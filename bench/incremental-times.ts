/**
 * Prints what a window costs where it takes over what earlier ones computed (`incremental`, docs/decisions/0011), beside
 * the whole network: each keyword system whose weights are there, in the engines and numerics that run it in WebAssembly,
 * one thread, in Node. CPU time of this process, medians; both by turns in every round, so that what else the machine does
 * falls on both alike: the ratio carries further than the times. The whole network is the one that gives columns too;
 * `alone` is the network as it is loaded without `incremental`.
 * Usage: npx tsx bench/incremental-times.ts [--hop 5, in frames of 20 ms] [--rounds 200] [--systems a,b]
 */
import {cpus, loadavg} from 'node:os';
import {parseArgs} from 'node:util';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import type {EngineName, Numerics} from '../src/engine/engine.ts';
import {loadModel, supportOf} from '../src/engine/engines.ts';
import {KeywordClassifier} from '../src/pipeline/keyword-classifier.ts';
import type {BuiltNetwork} from '../src/pipeline/load-keyword-classifier.ts';
import {findKeywordSystem, keywordSystemIds} from '../src/systems/keyword-systems.ts';
import {seededRandom} from '../test/support/prng.ts';
import {loadIncrementalNetwork} from './incremental-network.ts';
import {processorTimeOf} from './processor-time.ts';
import {median} from './statistics.ts';
import {findSystemWeights} from './weights.ts';

const ENGINES: readonly EngineName[] = ['integer', 'onnx', 'tfjs'];
const WARM_UP_ROUNDS = 20;
const SEED = 20_26;

async function measure(
  {graph, system}: BuiltNetwork,
  engine: EngineName,
  numerics: Numerics,
): Promise<Record<string, unknown>> {
  const {classifier, shift, savedShare} = await loadIncrementalNetwork(graph, system, {
    engine,
    numerics,
    hopFrames,
  });
  const alone = new KeywordClassifier(
    system,
    await loadModel(graph, engine, {numerics, assets: nodeEngineAssets()}),
  );
  const features = seededRandom(SEED).samples(system.frameCount * system.mfcc.coefficientCount, 30);
  const posteriors = new Float32Array(system.card.labels.length);
  const stream = {};
  const times = {alone: [] as number[], whole: [] as number[], continued: [] as number[]};
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const place = {stream, newestFrame: round * shift}; // the one before it gave what this one takes
    const costs = {
      alone: await processorTimeOf(() => alone.classify(features, posteriors)),
      whole: await processorTimeOf(() => classifier.classify(features, posteriors)),
      continued: await processorTimeOf(() => classifier.classify(features, posteriors, place)),
    };
    if (round < 0) continue;
    times.alone.push(costs.alone);
    times.whole.push(costs.whole);
    times.continued.push(costs.continued);
  }
  alone.model.dispose();
  classifier.model.dispose();
  const [base, whole, continued] = [median(times.alone), median(times.whole), median(times.continued)];
  return {
    'saved multiply-adds, %': Number((100 * savedShare).toFixed(1)),
    'alone, ms': Number(base.toFixed(3)),
    'whole, ms': Number(whole.toFixed(3)),
    'continued, ms': Number(continued.toFixed(3)),
    'whole ÷ alone': Number((whole / base).toFixed(2)),
    'continued ÷ alone': Number((continued / base).toFixed(2)),
  };
}

const {values: asked} = parseArgs({
  options: {
    hop: {type: 'string', default: '5'},
    rounds: {type: 'string', default: '200'},
    systems: {type: 'string', default: keywordSystemIds.join(',')},
  },
});
const [hopFrames, rounds] = [Number(asked.hop), Number(asked.rounds)];
console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1) ?? '?'}, hop of ${20 * hopFrames} ms`,
);
const rows: Record<string, unknown> = {};
for (const id of asked.systems.split(',')) {
  const weights = await findSystemWeights(id);
  if ('absent' in weights) {
    rows[id] = {note: weights.absent};
    continue;
  }
  const system = await findKeywordSystem(id);
  const graph = system.buildGraph(Buffer.from(weights.base64, 'base64'));
  for (const engine of ENGINES) {
    for (const {numerics} of await supportOf(graph, engine)) {
      rows[`${id} ${engine} ${numerics}`] = await measure({graph, system}, engine, numerics);
    }
  }
}
console.table(rows);
