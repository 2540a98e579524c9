import {describe, expect, it, vi} from 'vitest';
import type {Model} from '../../../src/engine/engine.ts';
import type {Graph} from '../../../src/graph/graph.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {IncrementalModel} from '../../../src/pipeline/incremental-model.ts';
import {loadIncremental} from '../../../src/pipeline/load-incremental.ts';
import {fakeKeywordSystem, fakeModel} from '../../support/fake-keyword-system.ts';
import {FRAME_LENGTH, slidingNetwork} from '../../support/sliding-networks.ts';

const frameCount = 28;
const system = {
  ...fakeKeywordSystem,
  frameCount,
  mfcc: {...fakeKeywordSystem.mfcc, coefficientCount: FRAME_LENGTH},
};
const networkOf = (...layers: string[]): Graph =>
  slidingNetwork(layers, 5, {frameCount, type: 'float32', output: 'classes'});

/** A model that is in the list once it is disposed of. */
function modelOf(graph: Graph, disposed: Model[]): Model {
  const model = {
    ...fakeModel(() => new Float32Array(4)),
    graph,
    dispose: () => void disposed.push(model),
  };
  return model;
}

function setUp(graph: Graph) {
  const disposed: Model[] = [];
  const whole = modelOf(graph, disposed);
  const parts: Model[] = [];
  const load = vi.fn((part: Graph): Promise<Model> => {
    const model = modelOf(part, disposed);
    parts.push(model);
    return Promise.resolve(model);
  });
  return {whole, parts, load, disposed};
}

describe('a network is run incrementally', () => {
  it('where that saves half of the multiply-adds, from the window that is whole columns before', async () => {
    const graph = networkOf('halving convolution');
    const {whole, parts, load, disposed} = setUp(graph);
    const {model, info} = await loadIncremental(whole, {graph, system}, load);
    expect(model).toBeInstanceOf(IncrementalModel);
    expect(info).toMatchObject({isOn: true});
    expect(info.savedShare).toBeGreaterThan(0.5);
    expect(info.text).toMatch(
      /^on: saves 5\d % of the multiply-adds at a step of 100 ms, taken from the window 200 ms before$/,
    );
    expect(parts).toHaveLength(2);
    expect(disposed).toEqual([whole]);
  });

  it('at the hop asked for', async () => {
    const graph = networkOf('halving convolution');
    const {whole, load} = setUp(graph);
    const {info} = await loadIncremental(whole, {graph, system, hopMs: 40}, load);
    expect(info.text).toContain('at a step of 40 ms, taken from the window 40 ms before');
  });
});

describe('a network is left as it is', () => {
  it('where less than half is saved', async () => {
    const graph = networkOf('halving convolution');
    const {whole, load, disposed} = setUp(graph);
    const {model, info} = await loadIncremental(whole, {graph, system, hopMs: 400}, load);
    expect(model).toBe(whole);
    expect(info).toMatchObject({isOn: false});
    expect(info.savedShare).toBeLessThan(0.5);
    expect(info.text).toMatch(
      /^off: it would save \d+ % of the multiply-adds at a step of 400 ms, less than half$/,
    );
    expect(load).not.toHaveBeenCalled();
    expect(disposed).toEqual([]);
  });

  it('where no frame is shared', async () => {
    const graph = networkOf('convolution');
    const {whole, load} = setUp(graph);
    const {info} = await loadIncremental(whole, {graph, system, hopMs: 1000}, load);
    expect(info).toEqual({
      isOn: false,
      savedShare: 0,
      text: 'off: it would save 0 % of the multiply-adds at a step of 1000 ms, less than half',
    });
  });

  it('where the engine does not run it, and what was loaded is given back', async () => {
    const graph = networkOf('convolution');
    const {whole, load, disposed} = setUp(graph);
    const first = modelOf(graph, disposed);
    load
      .mockResolvedValueOnce(first)
      .mockRejectedValueOnce(new ModelFormatError('ops Slice', 'none but Conv'));
    const {model, info} = await loadIncremental(whole, {graph, system}, load);
    expect(model).toBe(whole);
    expect(info.text).toContain('but the engine does not run it: got ops Slice, expected none but Conv');
    expect(disposed).toEqual([first]);
  });
});

it('gives everything back where loading fails otherwise', async () => {
  const graph = networkOf('convolution');
  const {whole, load, disposed} = setUp(graph);
  load.mockRejectedValueOnce(new DOMException('called off', 'AbortError'));
  await expect(loadIncremental(whole, {graph, system}, load)).rejects.toThrow('called off');
  expect(disposed).toEqual([whole]);
});
