import {describe, expect, it} from 'vitest';
import type {EngineName, Model} from '../../src/engine/engine.ts';
import type {Graph, TensorData} from '../../src/graph/graph.ts';
import {keepStart} from '../../src/graph/keep-start.ts';
import {findReusableColumns} from '../../src/graph/reusable-columns.ts';
import type {TimeLine} from '../../src/graph/time-line.ts';
import {validateGraph} from '../../src/graph/validate-graph.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {seededRandom} from '../support/prng.ts';
import {loadInNode} from '../support/published-networks.ts';
import type {Reals} from '../support/reals.ts';
import {evaluateOutputs, evaluateTensors} from '../support/reference-evaluator.ts';
import {FRAME_LENGTH, slidingLayers, slidingNetwork} from '../support/sliding-networks.ts';

const FRAMES = 28;
const WINDOWS = 7;
const SHIFTS = [1, 3, 4];
const float = {type: 'float32', frameCount: FRAMES} as const;

/** Two or three layers each, of every type in some network, several with both strides. */
const networks = Array.from({length: 24}, (_, index): {seed: number; layers: readonly string[]} => {
  const random = seededRandom(900 + index);
  const layer = (): string => random.pick(slidingLayers);
  return {
    seed: 900 + index,
    layers: [slidingLayers[index % slidingLayers.length]!, layer(), layer(), layer()],
  };
});

function windowOf<Values extends TensorData>(frames: Values, index: number, shift: number): Values {
  const start = index * shift * FRAME_LENGTH;
  return frames.slice(start, start + FRAMES * FRAME_LENGTH) as Values;
}

/** Runs the windows one after the other as the pass says, each with what the one before it gave. */
async function runKept<Values extends TensorData | Float64Array>(
  graph: Graph,
  {frames, shift}: {readonly frames: TensorData; readonly shift: number},
  run: (graph: Graph, inputs: readonly (TensorData | Values)[]) => Promise<readonly Values[]>,
): Promise<readonly Values[]> {
  const {whole, continued} = keepStart(graph, {frameCount: FRAMES, shift});
  for (const part of [whole, continued]) validateGraph(part);
  let [output, ...kept] = await run(whole, [windowOf(frames, 0, shift)]);
  const outputs = [output!];
  for (let window = 1; window < WINDOWS; window++) {
    const newest = windowOf(frames, window, shift).slice(-shift * FRAME_LENGTH);
    [output, ...kept] = await run(continued, [newest, ...kept]);
    outputs.push(output!);
  }
  return outputs;
}

/** The definition: every layer of every window is computed whole, then its reusable columns are those of the window before. */
function runPatched(graph: Graph, frames: Float32Array, shift: number): readonly Float64Array[] {
  const layers = findReusableColumns(graph, {frameCount: FRAMES, shift, start: 'kept'});
  const times = new Map(layers.map(({node, time}) => [node.outputs[0]!, time]));
  let earlier: ReadonlyMap<string, Reals> | undefined;
  return Array.from({length: WINDOWS}, (_, window) => {
    const values = evaluateTensors(graph, [windowOf(frames, window, shift)], (name, computed) => {
      const [time, before] = [times.get(name), earlier?.get(name)];
      return time && before ? patch(computed, before, time, shift) : computed;
    });
    earlier = values;
    return values.get(graph.outputs[0]!)!.data;
  });
}

function patch(computed: Reals, before: Reals, time: TimeLine, shift: number): Reals {
  const step = shift / time.framesPerColumn;
  const rest = computed.data.length / time.outerCount / time.columnCount;
  const data = computed.data.map((value, index) => {
    const column = Math.floor(index / rest) % time.columnCount;
    return column < time.reusable.end ? before.data[index + step * rest]! : value;
  });
  return {...computed, data};
}

const isFollowed = (graph: Graph, shift: number): boolean =>
  findReusableColumns(graph, {frameCount: FRAMES, shift}).every(
    ({time}) => time && shift % time.framesPerColumn === 0,
  );

describe('keepStart', () => {
  it.each(networks)(
    'gives what its definition does, to the bit: $layers, seed $seed',
    async ({seed, layers}) => {
      for (const shift of SHIFTS) {
        const frames = seededRandom(seed).samples((FRAMES + WINDOWS * shift) * FRAME_LENGTH, 2);
        for (const output of ['columns', 'classes'] as const) {
          const graph = slidingNetwork(layers, seed, {...float, output});
          const got = await runKept<Float64Array>(graph, {frames, shift}, (part, inputs) =>
            Promise.resolve(evaluateOutputs(part, inputs)),
          );
          expect(got, `shift ${shift}, ${output}`).toEqual(runPatched(graph, frames, shift));
        }
      }
    },
  );

  it('does less in every network, and something else than the whole one: so the test above could fail', () => {
    let otherCount = 0;
    for (const {seed, layers} of networks) {
      const graph = slidingNetwork(layers, seed, {...float, output: 'classes'});
      const {continued} = keepStart(graph, {frameCount: FRAMES, shift: 1});
      expect(continued.inputs.length, `seed ${seed}`).toBeGreaterThan(1);
      const frames = seededRandom(seed).samples((FRAMES + WINDOWS) * FRAME_LENGTH, 2);
      const kept = runPatched(graph, frames, 1)[WINDOWS - 1]!;
      const whole = evaluateOutputs(graph, [windowOf(frames, WINDOWS - 1, 1)])[0]!;
      if (maxAbsDifference(kept, whole) > 1e-6) otherCount++;
    }
    expect(otherCount).toBeGreaterThan(networks.length / 2);
  });
});

const SHIFT = 4;
const PAST_FRAMES = (WINDOWS - 1) * SHIFT;
const followed = networks.filter(({seed, layers}) =>
  isFollowed(slidingNetwork(layers, seed, {...float, output: 'columns'}), SHIFT),
);

/** Loads each part of a network once and runs it. */
function engineRunner(engine: EngineName, numerics: 'int8-exact' | 'float32') {
  const models = new Map<Graph, Model>();
  return {
    run: async (graph: Graph, inputs: readonly TensorData[]): Promise<readonly TensorData[]> => {
      const model = models.get(graph) ?? (await loadInNode(graph, engine, numerics));
      models.set(graph, model);
      return (await model.run(inputs)).map((values) => values.slice());
    },
    dispose: (): void => {
      for (const model of models.values()) model.dispose();
    },
  };
}

/** The columns of values [outerCount × columns × the rest] from one column on, of as many as there are. */
function lastColumns(
  values: TensorData,
  {outerCount}: TimeLine,
  count: number,
  columns: number,
): readonly number[] {
  const rest = values.length / outerCount / columns;
  return Array.from(values).filter((_, index) => Math.floor(index / rest) % columns >= columns - count);
}

describe.each(['onnx', 'integer'] as const)('the network that keepStart makes, in integers in %s', (name) => {
  it.each(followed)(
    'is the one that sees the frames before the window, to the bit: $layers, seed $seed',
    async ({seed, layers}) => {
      const at = (frameCount: number): Graph =>
        slidingNetwork(layers, seed, {type: 'int8', frameCount, output: 'columns'});
      const graph = at(FRAMES);
      const longer = at(FRAMES + PAST_FRAMES);
      const random = seededRandom(seed);
      const frames = Int8Array.from({length: (FRAMES + PAST_FRAMES) * FRAME_LENGTH}, () =>
        random.integer(-60, 60),
      );
      const engine = engineRunner(name, 'int8-exact');
      const outputs = await runKept<TensorData>(graph, {frames, shift: SHIFT}, engine.run);
      const [whole] = await engine.run(graph, [windowOf(frames, WINDOWS - 1, SHIFT)]);
      const [long] = await engine.run(longer, [frames]);
      engine.dispose();

      const time = findReusableColumns(graph, {frameCount: FRAMES, shift: SHIFT}).at(-1)!.time!;
      const {columnCount, framesPerColumn, reusable} = time;
      const longCount = columnCount + PAST_FRAMES / framesPerColumn;
      const kept = outputs.at(-1)!;
      expect(Array.from(kept)).toEqual(lastColumns(long!, time, columnCount, longCount));
      // the whole window's network is the same where its padding does not reach
      const unpadded = columnCount - reusable.first;
      expect(lastColumns(kept, time, unpadded, columnCount)).toEqual(
        lastColumns(whole!, time, unpadded, columnCount),
      );
      expect(new Set(kept).size, 'a network that gives one value shows nothing').toBeGreaterThan(8);
    },
  );
});

describe.each(['onnx', 'tfjs'] as const)('the network that keepStart makes, in float32 in %s', (name) => {
  it.each(followed)('gives what its definition does: $layers, seed $seed', async ({seed, layers}) => {
    const graph = slidingNetwork(layers, seed, {...float, output: 'classes'});
    const frames = seededRandom(seed).samples((FRAMES + PAST_FRAMES) * FRAME_LENGTH, 2);
    const engine = engineRunner(name, 'float32');
    const outputs = await runKept<TensorData>(graph, {frames, shift: SHIFT}, engine.run);
    engine.dispose();
    runPatched(graph, frames, SHIFT).forEach((expected, window) => {
      const scale = Math.max(1, ...expected.map(Math.abs));
      expect(maxAbsDifference(expected, outputs[window]!) / scale, `window ${window}`).toBeLessThan(1e-5);
    });
  });
});
