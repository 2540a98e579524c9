/**
 * Prints what one window costs with each keyword system whose weights are there: the built-in one, and the published
 * ones of the shared material. Each in the engine and numerics of its card, one thread, in Node, as the page computes:
 *
 * - features: one hop of 100 ms at 48 kHz, mono, from samples to the next window (resampling, framing, MFCC).
 * - network: one window classified (quantising, the network, softmax).
 * - share of a core: (features + network) ÷ 100 ms, a window every 100 ms.
 *
 * All of it is CPU time of this process, so that programs that share the machine count only by the caches they spoil; what
 * the clock said of the network stands beside it and is longer where the machine is busy (see the load).
 * Medians of the steady state: after a warm-up, systems by turns in each round, so that what else the machine does falls
 * on all alike; run back to back, where a page rests between windows and may find its caches cold. Loading, smoothing
 * and messages between threads are left out. Times are of this machine; the ratios to micronet-large carry further.
 * Usage: npx tsx bench/window-times.ts [rounds]
 */
import {cpus, loadavg} from 'node:os';
import {CliError} from '../src/cli/cli-error.ts';
import {loadSystem, type LoadedSystem} from '../src/cli/load-system.ts';
import {cards, findCard} from '../src/models/catalogue.ts';
import type {PlanarAudio} from '../src/pipeline/audio-queue.ts';
import {FeatureStream} from '../src/pipeline/feature-stream.ts';
import {seededRandom} from '../test/support/prng.ts';
import {hasShared, sharedPath} from '../test/support/shared.ts';
import {median} from './statistics.ts';

const INPUT_RATE_HZ = 48_000;
const HOP_MS = 100;
const CHUNK_SAMPLES = 2400; // two make a hop
const SEED = 20_26;
const WARM_UP_ROUNDS = 50;
const REFERENCE = 'micronet-large';

/** One system while it is measured; times in milliseconds, one a round, of CPU but for `clockMs`. */
interface Candidate {
  readonly system: LoadedSystem;
  readonly hop: () => boolean;
  readonly classify: () => Promise<void>;
  readonly featuresMs: number[];
  readonly networkMs: number[];
  readonly clockMs: number[]; // of the network
}

/** Seeded noise at the level of speech, the same two chunks again and again: no kernel's time hangs on the values. */
function makeChunks(): readonly PlanarAudio[] {
  const random = seededRandom(SEED);
  const shape = {stride: CHUNK_SAMPLES, channelCount: 1, sampleCount: CHUNK_SAMPLES};
  return [0, 1].map(() => ({samples: random.samples(CHUNK_SAMPLES, 0.1), ...shape}));
}

function prepare(system: LoadedSystem, chunks: readonly PlanarAudio[]): Candidate {
  const {classifier} = system;
  const {card, mfcc, frameCount} = classifier.system;
  const stream = new FeatureStream(classifier.system, INPUT_RATE_HZ);
  const features = new Float32Array(frameCount * mfcc.coefficientCount);
  const posteriors = new Float32Array(card.labels.length);
  const hopFrames = Math.round((HOP_MS * mfcc.sampleRateHz) / (1000 * mfcc.hopLength));
  let position = 0;
  const hop = (): boolean => {
    for (const chunk of chunks) {
      stream.accept(chunk, position);
      position += CHUNK_SAMPLES;
    }
    return stream.nextWindowInto(features, hopFrames);
  };
  while (!hop()); // the first window needs a second of sound
  const classify = (): Promise<void> => classifier.classify(features, posteriors);
  return {system, hop, classify, featuresMs: [], networkMs: [], clockMs: []};
}

/** The systems that can be measured here; says of each other one why not. */
async function loadCandidates(): Promise<readonly Candidate[]> {
  const models = hasShared ? sharedPath('models') : undefined;
  const chunks = makeChunks();
  const candidates: Candidate[] = [];
  for (const {id} of cards.filter(({task}) => task === 'keyword-spotting')) {
    try {
      candidates.push(prepare(await loadSystem(id, {models, 'allow-unverified': false}), chunks));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      console.log(`absent: ${error.message}`);
    }
  }
  return candidates;
}

/** CPU time of the process since a time, milliseconds in steps of 1 µs; asking takes about 2 µs. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const {user, system} = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function measure({hop, classify, featuresMs, networkMs, clockMs}: Candidate): Promise<void> {
  const start = process.cpuUsage();
  if (!hop()) throw new Error('got no window from 100 ms of sound, expected one');
  featuresMs.push(cpuMsSince(start));
  const between = process.cpuUsage();
  const betweenMs = performance.now();
  await classify();
  clockMs.push(performance.now() - betweenMs);
  networkMs.push(cpuMsSince(between));
}

interface Medians {
  readonly features: number;
  readonly network: number;
  readonly clock: number;
  readonly share: number;
}

/** Medians over what came after the warm-up. */
function medians({featuresMs, networkMs, clockMs}: Candidate): Medians {
  const [features = NaN, network = NaN, clock = NaN] = [featuresMs, networkMs, clockMs].map((times) =>
    median(times.slice(WARM_UP_ROUNDS)),
  );
  return {features, network, clock, share: (features + network) / HOP_MS};
}

function describe(candidate: Candidate, reference: Candidate | undefined): Record<string, string> {
  const {engine, numerics} = candidate.system.report;
  const own = medians(candidate);
  const other = reference && medians(reference);
  const ratio = (name: keyof Medians): string => (other ? (own[name] / other[name]).toFixed(2) : '-');
  return {
    engine: `${engine} ${numerics}`,
    'features, ms a hop': own.features.toFixed(3),
    'network, ms a window': own.network.toFixed(3),
    'the same by the clock, ms': own.clock.toFixed(3),
    'share of a core, %': (own.share * 100).toFixed(2),
    'features ÷': ratio('features'),
    'network ÷': ratio('network'),
    'share ÷': ratio('share'),
  };
}

const rounds = Number(process.argv[2] ?? 400);
if (!(Number.isSafeInteger(rounds) && rounds > 0)) {
  throw new RangeError(`got ${process.argv[2] ?? ''} rounds, expected a whole number of at least 1`);
}
const candidates = await loadCandidates();
for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
  for (const candidate of candidates) await measure(candidate);
}
const reference = candidates.find(({system}) => system.report.system === REFERENCE);
console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, one thread, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
console.log(
  `medians of ${rounds} rounds after ${WARM_UP_ROUNDS} of warm-up; ÷ is by ${REFERENCE} of this run`,
);
console.table(
  Object.fromEntries(
    candidates.map((candidate) => [candidate.system.report.system, describe(candidate, reference)]),
  ),
);
for (const {system} of candidates) {
  const {weights} = findCard(system.report.system);
  if (weights.builtInPath === undefined) continue;
  const accepted = weights.accepted.find(({sha256}) => sha256 === system.report.weights.sha256);
  console.log(`${weights.name}: ${accepted?.bytes ?? NaN} bytes, built in`);
}
