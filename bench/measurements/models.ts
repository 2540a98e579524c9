import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {findKeywordSystem} from '../../src/systems/keyword-systems.ts';
import {seededRandom} from '../../test/support/prng.ts';
import {
  inputOf,
  mfccLikeInputs,
  networkBytes,
  publishedNetworks,
} from '../../test/support/published-networks.ts';
import {hasShared} from '../../test/support/shared.ts';
import {seededWav2Letter} from '../../test/support/wav2letter-tflite.ts';
import type {BenchContext, Measurement, Row} from '../measurement.ts';
import type {ModelCandidate} from '../page/candidates.ts';
import {ENGINES, GPU_ENGINES} from '../page/engines.ts';
import {fetchPeerPackage, peerPackages} from '../peer-packages.ts';
import {timeRowsWithGpu} from '../timed-gpu-rows.ts';
import {timeRows, type TimedEntry} from '../timed-rows.ts';
import {findSystemWeights} from '../weights.ts';

const UNIT = 'ms a window';
const SEED = 20_26;
const BUILT_IN = 'earshot-kws';

/** The networks alone, in every engine, against TFLite on the same file. */
export const models: Measurement = {
  id: 'models',
  title:
    "Networks: one window through the network alone, per engine and numerics, against TFLite's WebAssembly runtime (@tensorflow/tfjs-tflite, XNNPACK) on the same file, one thread each; LiteRT.js is its newer runtime",
  run: async (context) => {
    const rows: Row[] = [];
    // one network after the other: fewer engines in memory at a time
    for (const network of publishedNetworks) rows.push(...(await timePublished(context, network)));
    rows.push(...(await timeWav2Letter(context)), ...(await timeBuiltIn(context)));
    return rows;
  },
};

async function timePublished(context: BenchContext, network: string): Promise<readonly Row[]> {
  if (!hasShared) return [{name: network, unit: UNIT, note: 'absent: ../shared is not there'}];
  const bytes = networkBytes(network);
  const [input = new Int8Array(0)] = mfccLikeInputs(inputOf(readTflite(bytes)), 1, SEED);
  const file = {weights: Buffer.from(bytes).toString('base64'), input: Array.from(input)};
  const tflite = `${network}, TFLite`;
  const peered = {network, file, against: tflite};
  const {entry: liteRt, absent} = liteRtEntry(`${network}, LiteRT.js`, file);
  const entries: TimedEntry[] = [
    ...inEngines(ENGINES, peered),
    {name: tflite, unit: UNIT, candidate: {kind: 'tflite', ...file}},
    ...(liteRt ? [{...liteRt, against: tflite}] : []),
  ];
  const rows = await timeRowsWithGpu(context, entries, inEngines(GPU_ENGINES, peered));
  return [...rows, ...(absent ? [absent] : [])];
}

/**
 * Wav2Letter at full size with seeded weights, for the published file is not at hand; in integers only, a window being 3.5
 * thousand million multiplications.
 */
async function timeWav2Letter(context: BenchContext): Promise<readonly Row[]> {
  const network = 'wav2letter, seeded weights';
  const bytes = seededWav2Letter();
  const random = seededRandom(SEED);
  const input = Array.from({length: elementCount(inputOf(readTflite(bytes)).shape)}, () =>
    random.integer(-128, 127),
  );
  const file = {weights: Buffer.from(bytes).toString('base64'), input};
  const against = `${network}, TFLite`;
  return await timeRows(context, [
    ...inEngines(
      ENGINES.filter(({numerics}) => numerics === 'int8-exact'),
      {network, file, against},
    ),
    {name: against, unit: UNIT, candidate: {kind: 'tflite', ...file}},
  ]);
}

/** No `.tflite` file holds the built-in network, so that it is compared with itself in the engine of its card. */
async function timeBuiltIn(context: BenchContext): Promise<readonly Row[]> {
  const found = await findSystemWeights(BUILT_IN);
  if ('absent' in found) return [{name: BUILT_IN, unit: UNIT, note: found.absent}];
  const system = await findKeywordSystem(BUILT_IN);
  const graph = system.buildGraph(new Uint8Array(Buffer.from(found.base64, 'base64')));
  const input = seededRandom(SEED).samples(elementCount(inputOf(graph).shape), 10);
  const file = {weights: found.base64, systemId: BUILT_IN, input: Array.from(input)};
  const own = `${BUILT_IN}, ${system.card.defaults.engine} ${system.card.defaults.numerics}`;
  const peered = {network: BUILT_IN, file, against: own};
  return await timeRowsWithGpu(context, inEngines(ENGINES, peered), inEngines(GPU_ENGINES, peered));
}

/** What our engines are given, and the name of the entry that they are compared with. */
interface Peered {
  readonly network: string;
  readonly file: Omit<ModelCandidate, 'kind' | 'engine' | 'numerics'>;
  readonly against: string;
}

function inEngines(engines: typeof ENGINES, {network, file, against}: Peered): readonly TimedEntry[] {
  return engines.map(({engine, numerics}) => {
    const name = `${network}, ${engine} ${numerics}`;
    const candidate = {kind: 'model', engine, numerics, ...file} as const;
    return {name, unit: UNIT, candidate, ...(name !== against && {against})};
  });
}

function liteRtEntry(
  name: string,
  file: Pick<ModelCandidate, 'weights' | 'input'>,
): {readonly entry?: TimedEntry; readonly absent?: Row} {
  try {
    const [corePath, utilsPath] = [peerPackages.liteRt, peerPackages.liteRtUtils].map(
      (specifier) => `/${fetchPeerPackage(specifier)}`,
    ) as [string, string];
    return {entry: {name, unit: UNIT, candidate: {kind: 'litert', ...file, corePath, utilsPath}}};
  } catch (error) {
    return {absent: {name, unit: UNIT, note: `absent: ${String(error)}`}};
  }
}
