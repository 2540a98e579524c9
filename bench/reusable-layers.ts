/**
 * Prints, for each keyword system whose weights are there, how much of a window's work an earlier window has done
 * already: multiply-adds that can be reused to the bit, by hop, and where reuse ends; then checks it, by running the
 * network on windows one hop apart and comparing every column of every layer.
 * Usage: npx tsx bench/reusable-layers.ts [hopFrames of the table by layer, default 5]
 */
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import {loadModel} from '../src/engine/engines.ts';
import {quantiseInto} from '../src/features/quantise.ts';
import type {Graph, TensorData} from '../src/graph/graph.ts';
import {findReusableColumns, reusableShare, type LayerReuse} from '../src/graph/reusable-columns.ts';
import {tensorOf} from '../src/graph/tensor-of.ts';
import {countColumns, type TimeLine} from '../src/graph/time-line.ts';
import type {KeywordSystem} from '../src/systems/keyword-system.ts';
import {findKeywordSystem, keywordSystemIds} from '../src/systems/keyword-systems.ts';
import {seededRandom} from '../test/support/prng.ts';
import {findReusableInPhases} from './reusable-in-phases.ts';
import {findSystemWeights} from './weights.ts';

const HOPS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const FRAME_MS = 20;
const SEED = 20_26;

const chosenHop = Number(process.argv[2] ?? 5);
if (!HOPS.includes(chosenHop)) {
  throw new RangeError(`got a hop of ${process.argv[2]} frames, expected one of ${HOPS.join(', ')}`);
}

for (const id of keywordSystemIds) await describeSystem(id);

async function describeSystem(id: string): Promise<void> {
  const weights = await findSystemWeights(id);
  if ('absent' in weights) {
    console.log(`\n${id}: ${weights.absent}`);
    return;
  }
  const system = await findKeywordSystem(id);
  const graph = system.buildGraph(Buffer.from(weights.base64, 'base64'));
  const {frameCount} = system;
  const layers = findReusableColumns(graph, {frameCount, shift: 1});
  const all = layers.reduce((sum, {multiplyAdds}) => sum + multiplyAdds, 0);
  console.log(`\n${id}: ${(all / 1e6).toFixed(2)} million multiply-adds a window; share of them by hop`);
  console.table(
    Object.fromEntries(HOPS.map((hop) => [`${hop * FRAME_MS} ms`, describeHop(graph, frameCount, hop)])),
  );
  console.log(`${id}: layers at ${chosenHop * FRAME_MS} ms`);
  console.table(describeLayers(graph, frameCount));
  console.log(`${id}: columns of all layers, compared bit for bit with those of the window one hop earlier`);
  console.table(await compareWindows(graph, system));
}

function describeHop(graph: Graph, frameCount: number, shift: number): Record<string, string> {
  const oneHop = findReusableColumns(graph, {frameCount, shift});
  const inPhases = findReusableInPhases(graph, {frameCount, shift});
  const kept = findReusableInPhases(graph, {frameCount, shift, start: 'kept'});
  return {
    'from one hop earlier': percent(reusableShare(oneHop)),
    'ends at': describeEnd(graph, oneHop),
    'with a cache per phase': percent(reusableShare(inPhases)),
    'ends at ': describeEnd(graph, inPhases),
    'not exact: start kept': percent(reusableShare(kept)),
  };
}

/** The first node of which nothing can be reused, and why. */
function describeEnd(graph: Graph, layers: readonly LayerReuse[]): string {
  const index = layers.findIndex(({time}) => !time || countColumns(time.reusable) === 0);
  const layer = layers[index];
  if (!layer) return 'nowhere';
  return `${nameLayer(graph, layer, index)}: ${describeReuse(layer)}`;
}

/** The columns that can be reused, or why there are none. */
function describeReuse({time, shift}: LayerReuse): string {
  if (!time) return 'time is pooled';
  if (shift % time.framesPerColumn !== 0) return `a column is ${time.framesPerColumn} frames`;
  const {first, end} = time.reusable;
  return end > first ? `${first} to ${end - 1}` : 'padding reaches all';
}

function nameLayer(graph: Graph, {node}: LayerReuse, index: number): string {
  return `${index} ${node.op} [${tensorOf(graph, node.outputs[0]).shape.join(' × ')}]`;
}

function describeLayers(graph: Graph, frameCount: number): Record<string, Record<string, string | number>> {
  const question = {frameCount, shift: chosenHop};
  const oneHop = findReusableColumns(graph, question);
  const inPhases = findReusableInPhases(graph, question);
  const rows = inPhases.flatMap((phased, index): [string, Record<string, string | number>][] => {
    const plain = oneHop[index];
    if (!plain || phased.multiplyAdds === 0) return [];
    return [
      [
        nameLayer(graph, phased, index),
        {
          'multiply-adds, million': Number((phased.multiplyAdds / 1e6).toFixed(3)),
          columns: phased.time?.columnCount ?? 1,
          'from one hop earlier': describeReuse(plain),
          'with a cache per phase': describeReuse(phased),
          'of the window, hops ago': phased.shift / chosenHop,
        },
      ],
    ];
  });
  return Object.fromEntries(rows);
}

/** Runs windows at each hop and counts the columns that are the same in both, of those that ought to be and the others. */
async function compareWindows(graph: Graph, system: KeywordSystem): Promise<Record<string, unknown>> {
  const {frameCount, card, mfcc} = system;
  const {numerics} = card.defaults;
  const layers = findReusableColumns(graph, {frameCount, shift: 1}).filter(({time}) => time);
  const open = {...graph, outputs: layers.flatMap(({node}) => node.outputs)};
  const model = await loadModel(open, 'onnx', {numerics, assets: nodeEngineAssets()});
  const recording = createInput(graph, (frameCount + Math.max(...HOPS)) * mfcc.coefficientCount, mfcc);
  const runAt = async (frame: number): Promise<readonly TensorData[]> => {
    const start = frame * mfcc.coefficientCount;
    const outputs = await model.run([recording.slice(start, start + frameCount * mfcc.coefficientCount)]);
    return outputs.map((values) => values.slice());
  };
  const earlier = await runAt(0);
  const rows: Record<string, unknown> = {};
  for (const shift of HOPS) {
    const newer = await runAt(shift);
    const found = findReusableColumns(graph, {frameCount, shift});
    rows[`${shift * FRAME_MS} ms`] = countEqual(found, {earlier, newer});
  }
  model.dispose();
  return rows;
}

/** Frames with the spread of cepstra, in the type of the network's input. */
function createInput(
  graph: Graph,
  length: number,
  {coefficientCount}: {readonly coefficientCount: number},
): Float32Array | Int8Array {
  const random = seededRandom(SEED);
  const cepstra = Float32Array.from({length}, (_, index) => {
    const order = index % coefficientCount;
    return order === 0 ? 60 * random.gaussian() - 60 : (25 * random.gaussian()) / Math.sqrt(order);
  });
  const {type, quantisation} = tensorOf(graph, graph.inputs[0]);
  if (type !== 'int8' || !quantisation) return cepstra;
  const quantised = new Int8Array(length);
  quantiseInto(cepstra, quantisation.scale[0] ?? 1, quantisation.zeroPoint[0] ?? 0, quantised);
  return quantised;
}

/** The outputs of the layers for two windows, one flat array each. */
interface TwoWindows {
  readonly earlier: readonly TensorData[];
  readonly newer: readonly TensorData[];
}

function countEqual(layers: readonly LayerReuse[], {earlier, newer}: TwoWindows): Record<string, number> {
  const counts = {
    'said to be reusable': 0,
    'of them the same': 0,
    'said not to be': 0,
    'of them the same by chance': 0,
  };
  layers.forEach(({time, shift}, index) => {
    const [before, after] = [earlier[index], newer[index]];
    if (!time || !before || !after || shift % time.framesPerColumn !== 0) return;
    const step = shift / time.framesPerColumn;
    for (let column = 0; column + step < time.columnCount; column++) {
      const isSame = isSameColumn(readColumn(after, time, column), readColumn(before, time, column + step));
      if (column >= time.reusable.first && column < time.reusable.end) {
        counts['said to be reusable']++;
        counts['of them the same'] += Number(isSame);
      } else {
        counts['said not to be']++;
        counts['of them the same by chance'] += Number(isSame);
      }
    }
  });
  return counts;
}

/** All values of a column, one after the other. */
function readColumn(values: TensorData, {outerCount, columnCount}: TimeLine, column: number): TensorData {
  const rest = values.length / outerCount / columnCount;
  const length = outerCount * rest;
  return values.slice(0, length).map((_, place) => {
    const outer = Math.floor(place / rest);
    return values[(outer * columnCount + column) * rest + (place % rest)] ?? NaN;
  });
}

function isSameColumn(a: TensorData, b: TensorData): boolean {
  return a.every((value, index) => Object.is(value, b[index]));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
