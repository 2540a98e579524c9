import {describe, expect, it, vi} from 'vitest';
import {nodeEngineAssets} from '../../../../src/cli/node-engine-assets.ts';
import {openOnnxFiles} from '../../../../src/engine/engines.ts';
import {MODEL_FILE, WEIGHTS_FILE, writeOnnxFiles} from '../../../../src/formats/onnx/write-onnx-files.ts';
import {writeOnnx} from '../../../../src/formats/onnx/write-onnx.ts';
import type {Graph} from '../../../../src/graph/graph.ts';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {tensorOf} from '../../../../src/graph/tensor-of.ts';
import {deferredChain} from '../../../support/deferred-graph.ts';
import {constant, graphOf, node} from '../../../support/graph-builder.ts';
import {MemorySink} from '../../../support/memory-sink.ts';

const WIDTH = 100; // matrices of 40,000 bytes, not a multiple of a page
const PAGE = 4096;
const swap = Float32Array.from({length: WIDTH ** 2}, (_, place) =>
  Math.floor(place / WIDTH) === WIDTH - 1 - (place % WIDTH) ? 2 : 0,
);

/** Two matrices that turn a row round and double it. */
const chain = deferredChain(2, WIDTH, () => Promise.resolve(swap));

async function write(graph: Graph): Promise<MemorySink> {
  const sink = new MemorySink();
  await writeOnnxFiles(graph, {precision: 'float32', sink});
  return sink;
}

function valuesOf(graph: Graph) {
  const find = (name: string) => tensorOf(graph, name);
  return {inputs: graph.inputs.map(find), outputs: graph.outputs.map(find)};
}

describe('a network in two files', () => {
  it.each([
    ['bytes', (bytes: Uint8Array<ArrayBuffer>) => bytes],
    ['a Blob', (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes])],
  ])('is run by onnxruntime-web, its weights given as %s', async (_, wrap) => {
    const sink = await write(chain);
    const model = await openOnnxFiles(
      {
        name: 'chain',
        ...valuesOf(chain),
        model: sink.file(MODEL_FILE),
        externalData: [{path: WEIGHTS_FILE, data: wrap(sink.file(WEIGHTS_FILE))}],
      },
      {numerics: 'float32', assets: nodeEngineAssets()},
    );
    const rows = Float32Array.from({length: 3 * WIDTH}, (__, place) => place);
    const [output] = await model.run([rows]);
    model.dispose();
    expect(output).toEqual(rows.map((value) => 4 * value));
  });

  it('has its own weights where another is opened at the same time, with a file of the same name', async () => {
    const open = async (factor: number) => {
      const scaled = deferredChain(1, WIDTH, () => Promise.resolve(swap.map((value) => factor * value)));
      const sink = await write(scaled);
      const data = new Blob([sink.file(WEIGHTS_FILE)]);
      const files = {model: sink.file(MODEL_FILE), externalData: [{path: WEIGHTS_FILE, data}]};
      return await openOnnxFiles(
        {name: 'chain', ...valuesOf(scaled), ...files},
        {numerics: 'float32', assets: nodeEngineAssets()},
      );
    };
    const models = await Promise.all([1, 2, 3, 4].map(open));
    for (const [index, model] of models.entries()) {
      const [output] = await model.run([new Float32Array(WIDTH).fill(1)]);
      expect(output?.[0]).toBe(2 * (index + 1));
      model.dispose();
    }
  });

  it('is refused where it has other inputs than it is said to have', async () => {
    const sink = await write(chain);
    const {outputs} = valuesOf(chain);
    const inputs = [{name: 'rows', type: 'float32', shape: [-1, WIDTH]}] as const;
    const externalData = [{path: WEIGHTS_FILE, data: sink.file(WEIGHTS_FILE)}];
    const files = {name: 'chain', inputs, outputs, model: sink.file(MODEL_FILE), externalData};
    const opening = openOnnxFiles(files, {numerics: 'float32', assets: nodeEngineAssets()});
    await expect(opening).rejects.toThrow(ModelFormatError);
    await expect(opening).rejects.toThrow('got a network of x → y, expected rows → y');
  });

  it('is refused where the weights are not at hand', async () => {
    const sink = await write(chain);
    const files = {name: 'chain', ...valuesOf(chain), model: sink.file(MODEL_FILE), externalData: []};
    const opening = openOnnxFiles(files, {numerics: 'float32', assets: nodeEngineAssets()});
    await expect(opening).rejects.toThrow(ModelFormatError);
  });

  it('has its weights at whole pages, in the order of the nodes', async () => {
    const file = (await write(chain)).file(WEIGHTS_FILE);
    const second = Math.ceil(swap.byteLength / PAGE) * PAGE;
    expect(file.length).toBe(second + swap.byteLength);
    expect(new Float32Array(file.buffer, 0, swap.length)).toEqual(swap);
    expect(new Float32Array(file.buffer, second, swap.length)).toEqual(swap);
    expect(file.subarray(swap.byteLength, second).every((byte) => byte === 0)).toBe(true);
  });

  it('has small constants in its own file, and large ones that are at hand in the other', async () => {
    const tensors = {
      x: {shape: [1, WIDTH]},
      w: constant([WIDTH, WIDTH], swap),
      p: {shape: [1, WIDTH]},
      b: {shape: [WIDTH], load: () => Promise.resolve(new Float32Array(WIDTH))},
      y: {shape: [1, WIDTH]},
    };
    const nodes = [node('MatMul', ['x', 'w'], 'p', {}), node('Add', ['p', 'b'], 'y', {})];
    const sink = await write(graphOf(tensors, nodes));
    expect(sink.file(WEIGHTS_FILE).length).toBe(swap.byteLength);
    expect(sink.file(MODEL_FILE).length).toBeGreaterThan(4 * WIDTH);
    expect(sink.file(MODEL_FILE).length).toBeLessThan(8 * WIDTH);
  });
});

describe('writing it', () => {
  it('reads each constant once, one after another, and says how far it is', async () => {
    let isReading = false;
    const read: number[] = [];
    const graph = deferredChain(3, WIDTH, async (index) => {
      expect(isReading, 'two at a time').toBe(false);
      isReading = true;
      await Promise.resolve();
      isReading = false;
      read.push(index);
      return swap;
    });
    const onProgress = vi.fn();
    await writeOnnxFiles(graph, {precision: 'float32', sink: new MemorySink(), onProgress});
    expect(read).toEqual([0, 1, 2]);
    const total = 3 * swap.byteLength;
    expect(onProgress.mock.calls).toEqual([1, 2, 3].map((count) => [count * swap.byteLength, total]));
  });

  it('ends with the reason of the signal between two constants', async () => {
    const calledOff = new AbortController();
    const reason = new DOMException('enough', 'AbortError');
    const load = vi.fn(() => {
      calledOff.abort(reason);
      return Promise.resolve(swap);
    });
    const sink = new MemorySink();
    const writing = writeOnnxFiles(deferredChain(3, WIDTH, load), {
      precision: 'float32',
      sink,
      signal: calledOff.signal,
    });
    await expect(writing).rejects.toBe(reason);
    expect(load).toHaveBeenCalledOnce();
    expect(sink.files.size).toBe(0);
  });

  it('refuses a constant that is not as large as its shape says', async () => {
    const graph = deferredChain(1, WIDTH, () => Promise.resolve(swap.subarray(1)));
    await expect(write(graph)).rejects.toThrow(
      'got 39996 bytes for w0, expected 40000 for float32 [100, 100]',
    );
  });

  it('is asked for where constants are elsewhere: one file would need them all at once', () => {
    expect(() => writeOnnx(chain)).toThrow('got constant w0, which is elsewhere, expected');
  });
});
