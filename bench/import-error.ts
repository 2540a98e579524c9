/**
 * Prints how far a system that was imported with 8-bit weights departs from the same in float32: layer by layer, and in
 * the best token of each step. Recordings are heard whole, as in `earshot evaluate`.
 * Usage: npx tsx bench/import-error.ts <wav2vec2-base|deepspeech2> <checkpoint file|seeded> [recordings]
 * Default: 3 recordings of librispeech-other-dev. `seeded` stands for random weights of full size, of which the texts
 * mean nothing, but the errors of layers do.
 */
import type {Model} from '../src/engine/engine.ts';
import {ctcGreedyDecode} from '../src/decode/ctc-greedy.ts';
import {computeLetterErrors, totalErrorRate, type ErrorCounts} from '../src/evaluate/error-rate.ts';
import {withFile, accessFile} from '../src/cli/file-access.ts';
import {openCheckpoint, type Checkpoint} from '../src/formats/checkpoint/checkpoint.ts';
import type {Graph, Node} from '../src/graph/graph.ts';
import {elementCount} from '../src/graph/shape.ts';
import {tensorOf} from '../src/graph/tensor-of.ts';
import {deepSpeech2Shapes} from '../src/systems/deepspeech2/weights.ts';
import {system as deepspeech2} from '../src/systems/deepspeech2/system.ts';
import type {CheckpointSystem} from '../src/systems/transcription-system.ts';
import {system as wav2vec2Base} from '../src/systems/wav2vec2-base/system.ts';
import {openWrittenGraph} from '../test/support/open-written-graph.ts';
import {seededCheckpoint} from '../test/support/seeded-checkpoint.ts';
import {computeFeatures} from '../test/support/transcription-features.ts';
import {wav2vec2Checkpoint} from '../test/support/wav2vec2-goldens.ts';
import {loadSpeech} from './transcription/material.ts';

const SYSTEMS: Readonly<Record<string, {system: CheckpointSystem; seeded: () => Checkpoint}>> = {
  'wav2vec2-base': {system: wav2vec2Base, seeded: () => wav2vec2Checkpoint('base')},
  deepspeech2: {system: deepspeech2, seeded: () => seededCheckpoint(deepSpeech2Shapes(2560))},
};

/** What ends a layer: the activation or the normalisation behind it, or the layer itself. */
const LAYER_ENDS: ReadonlySet<Node['op']> = new Set(['Gelu', 'Clip', 'LayerNormalization', 'Gru']);

/** Sums over all values of one layer, and all recordings. */
interface Departure {
  differenceSquares: number;
  squares: number;
}

/** The graph with the outputs of its layers beside its own. */
function withLayers(graph: Graph): Graph {
  const layers = graph.nodes.filter(({op}) => LAYER_ENDS.has(op)).flatMap(({outputs}) => outputs.slice(0, 1));
  return {...graph, outputs: [...graph.outputs, ...layers]};
}

/** Outputs for a recording; states begin as zeros. */
async function run(
  {system, graph}: {system: CheckpointSystem; graph: Graph},
  model: Model,
  samples: Float32Array,
): ReturnType<Model['run']> {
  const rows = computeFeatures(system.createFrontEnd('utterance'), samples);
  const states = graph.inputs
    .slice(1)
    .map((name) => new Float32Array(elementCount(tensorOf(graph, name).shape)));
  return await model.run([rows, ...states]);
}

function addDeparture(sum: Departure, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let index = 0; index < expected.length; index++) {
    const [value, other] = [expected[index] ?? NaN, got[index] ?? NaN];
    sum.squares += value ** 2;
    sum.differenceSquares += (other - value) ** 2;
  }
}

function textOf({card}: CheckpointSystem, logits: ArrayLike<number>): string {
  const ctc = {tokenCount: card.labels.length, blankId: card.blankId};
  const {tokens} = ctcGreedyDecode(Float32Array.from(logits), ctc);
  return [...tokens].map((token) => (token === card.spaceId ? ' ' : card.labels[token])).join('');
}

async function compare(
  system: CheckpointSystem,
  graph: Graph,
  recordings: readonly Float32Array[],
): Promise<void> {
  const [float, integer] = [await openWrittenGraph(graph, 'float32'), await openWrittenGraph(graph, 'int8')];
  const departures = graph.outputs.map((): Departure => ({differenceSquares: 0, squares: 0}));
  const letters: ErrorCounts[] = [];
  for (const samples of recordings) {
    const expected = (await run({system, graph}, float, samples)).map((values) => values.slice());
    const got = await run({system, graph}, integer, samples);
    departures.forEach((sum, index) => addDeparture(sum, got[index] ?? [], expected[index] ?? []));
    letters.push(computeLetterErrors(textOf(system, expected[0] ?? []), textOf(system, got[0] ?? [])));
  }
  for (const model of [float, integer]) model.dispose();
  printDepartures(graph, departures);
  const {pooled = NaN} = totalErrorRate(letters);
  const count = letters.reduce((sum, {referenceLength}) => sum + referenceLength, 0);
  console.log(`letters of the greedy text that differ: ${(100 * pooled).toFixed(2)} % of ${count}`);
}

/** In the order in which the network computes them: what it gives last. */
function printDepartures(graph: Graph, departures: readonly Departure[]): void {
  const order = graph.nodes.flatMap(({outputs}) => outputs);
  const rows = graph.outputs
    .map((name, index) => ({name, departure: departures[index] as Departure}))
    .sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
  console.log('relative error: root of the mean square of the difference, by that of the values in float32');
  for (const {name, departure} of rows) {
    const relative = Math.sqrt(departure.differenceSquares / departure.squares);
    console.log(`${relative.toFixed(4)}  ${name}`);
  }
}

const [id = '', source = '', count = '3'] = process.argv.slice(2);
const chosen = SYSTEMS[id];
if (!chosen || source === '')
  throw new Error(`got ${id} ${source}, expected ${Object.keys(SYSTEMS).join(' or ')} and a checkpoint`);
const {what, utterances} = loadSpeech();
const recordings = utterances.slice(0, Number(count));
console.log(`${id}, ${source === 'seeded' ? 'seeded weights' : source}; ${recordings.length} of ${what}`);
const measure = async (checkpoint: Checkpoint): Promise<void> => {
  await compare(chosen.system, withLayers(chosen.system.buildGraph(checkpoint)), recordings);
};
if (source === 'seeded') await measure(chosen.seeded());
else {
  await withFile(source, 'r', async (handle) => {
    await measure(await openCheckpoint(await accessFile(handle)));
  });
}
process.exit(0); // the runtime's workers would keep the process
