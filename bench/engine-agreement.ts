/**
 * Prints how far the engines are from one another on real speech: every keyword system whose weights are there, in each
 * WebAssembly engine and numerics that it can run in, over clips spread evenly over the shared material's
 * speech-commands-dev (measured only). One row per pair of engines, the reference first:
 *
 * - apart: the largest difference of the network's outputs ÷ the range of the reference's for that clip, as
 *   `engine="auto"` measures it (src/engine/choice), over all clips.
 * - on made-up windows: the same over the windows that `auto` itself runs.
 * - labels changed: clips whose largest output is another one.
 * - right: how many clips each of the two answers as they are labelled, the reference first.
 *
 * Usage: npx tsx bench/engine-agreement.ts [clips]
 */
import {join} from 'node:path';
import {readDataIndex, spreadEvenly, type LabelledClip} from '../src/cli/data-index.ts';
import {indexOfLargest} from '../src/cli/evaluate-clips.ts';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import {readAudio} from '../src/cli/read-audio.ts';
import {computeDifference, toleranceBetween} from '../src/engine/choice/measured-choice.ts';
import {nameOf} from '../src/engine/choice/unmeasured-reason.ts';
import {loadModel, supportOf} from '../src/engine/engines.ts';
import type {EngineName} from '../src/engine/engine.ts';
import type {Graph} from '../src/graph/graph.ts';
import {ClipFeatures} from '../src/pipeline/clip-features.ts';
import {createProbeWindows} from '../src/pipeline/probe-windows.ts';
import {ProbedModel} from '../src/pipeline/probed-model.ts';
import type {RecordedAudio} from '../src/pipeline/recorded-audio.ts';
import type {EngineCandidate} from '../src/protocol/engine-choice.ts';
import type {KeywordSystem} from '../src/systems/keyword-system.ts';
import {findKeywordSystem, keywordSystemIds} from '../src/systems/keyword-systems.ts';
import {hasShared, sharedPath} from '../test/support/shared.ts';
import {findSystemWeights} from './weights.ts';

/** Those that Node can run; the others need a GPU. */
const ENGINES: readonly EngineName[] = ['onnx', 'tfjs'];

/** A clip of the set, read. */
interface Clip extends LabelledClip {
  readonly audio: RecordedAudio;
}

/** A system's network before an engine has it, and what it is run on. */
interface Subject {
  readonly system: KeywordSystem;
  readonly graph: Graph;
  readonly clips: readonly Clip[];
  /** The clips' windows, then those that are made up. */
  readonly windows: readonly Float32Array[];
}

/** What one engine gave for all windows. */
interface Answers extends EngineCandidate {
  readonly ofClips: readonly Float32Array[];
  readonly ofMadeUp: readonly Float32Array[];
}

async function readClips(count: number): Promise<readonly Clip[]> {
  const folder = sharedPath('audio/speech-commands-dev');
  const clips: Clip[] = [];
  for (const clip of spreadEvenly(await readDataIndex(folder), count)) {
    const audio = await readAudio(join(folder, clip.file), {print: console.log, warn: console.warn});
    clips.push({...clip, audio});
  }
  return clips;
}

/** The system, or why it cannot be had. */
async function prepare(
  systemId: string,
  clips: readonly Clip[],
): Promise<Subject | {readonly absent: string}> {
  const found = await findSystemWeights(systemId);
  if ('absent' in found) return found;
  const system = await findKeywordSystem(systemId);
  const graph = system.buildGraph(new Uint8Array(Buffer.from(found.base64, 'base64')));
  const features = new ClipFeatures(system);
  const ofClips = clips.map(({audio}) => features.compute(audio));
  return {system, graph, clips, windows: [...ofClips, ...createProbeWindows(system)]};
}

/** All that Node can run the network in: integers, which round the most, first. */
async function listCandidates({graph}: Subject): Promise<readonly EngineCandidate[]> {
  const candidates: EngineCandidate[] = [];
  for (const engine of ENGINES) {
    for (const {numerics, unsupportedOps} of await supportOf(graph, engine)) {
      if (unsupportedOps.length === 0) candidates.push({engine, numerics});
    }
  }
  return candidates.toSorted((a, b) => Number(a.numerics === 'float32') - Number(b.numerics === 'float32'));
}

async function runIn(
  {engine, numerics}: EngineCandidate,
  {system, graph, clips, windows}: Subject,
): Promise<Answers> {
  const model = await loadModel(graph, engine, {numerics, assets: nodeEngineAssets()});
  const network = new ProbedModel(system, model, windows);
  const outputs: Float32Array[] = [];
  for (let window = 0; window < windows.length; window++) outputs.push(await network.run(window));
  network.dispose();
  return {
    engine,
    numerics,
    ofClips: outputs.slice(0, clips.length),
    ofMadeUp: outputs.slice(clips.length),
  };
}

function compare(reference: Answers, other: Answers, {clips, system}: Subject): Record<string, string> {
  const labelsOf = ({ofClips}: Answers): readonly (string | undefined)[] =>
    ofClips.map((output) => system.card.labels[indexOfLargest(output)]);
  const [expected, got] = [labelsOf(reference), labelsOf(other)];
  const rightCount = (labels: typeof got): number =>
    clips.filter(({label}, clip) => label === labels[clip]).length;
  return {
    apart: computeDifference(reference.ofClips, other.ofClips).toPrecision(2),
    'on made-up windows': computeDifference(reference.ofMadeUp, other.ofMadeUp).toPrecision(2),
    tolerance: String(toleranceBetween(reference.numerics, other.numerics)),
    'labels changed': String(got.filter((label, clip) => label !== expected[clip]).length),
    right: `${rightCount(expected)}, ${rightCount(got)}`,
  };
}

async function compareAll(systemId: string, clips: readonly Clip[]): Promise<Record<string, object>> {
  const subject = await prepare(systemId, clips);
  if ('absent' in subject) return {[systemId]: {note: subject.absent}};
  const answers: Answers[] = [];
  for (const candidate of await listCandidates(subject)) answers.push(await runIn(candidate, subject));
  return Object.fromEntries(
    answers.flatMap((reference, index) =>
      answers
        .slice(index + 1)
        .map((other) => [
          `${systemId}: ${nameOf(reference)}, ${nameOf(other)}`,
          compare(reference, other, subject),
        ]),
    ),
  );
}

const clipCount = Number(process.argv[2] ?? 240);
if (!(Number.isSafeInteger(clipCount) && clipCount > 0)) {
  throw new RangeError(`got ${process.argv[2] ?? ''} clips, expected a whole number of at least 1`);
}
if (hasShared) {
  const clips = await readClips(clipCount);
  const rows: Record<string, object> = {};
  for (const systemId of keywordSystemIds) Object.assign(rows, await compareAll(systemId, clips));
  console.log(`${clips.length} clips of speech-commands-dev; each row: the reference, then the other`);
  console.table(rows);
} else {
  console.log('nothing measured: ../shared, which has the clips and the weights, is not there');
}
