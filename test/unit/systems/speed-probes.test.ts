import {describe, expect, it} from 'vitest';
import {elementCount} from '../../../src/graph/shape.ts';
import {tensorOf} from '../../../src/graph/tensor-of.ts';
import {validateGraph} from '../../../src/graph/validate-graph.ts';
import {inventedCheckpoint, inventedNoise} from '../../../src/systems/speed-probe.ts';
import {findSpeedProbe} from '../../../src/systems/speed-probes.ts';
import {isImported} from '../../../src/systems/transcription-system.ts';
import {findTranscriptionSystem, transcriptionSystemIds} from '../../../src/systems/transcription-systems.ts';

describe('a probe', () => {
  it('is there for each system that is imported from a checkpoint, and for no other', async () => {
    for (const id of transcriptionSystemIds) {
      const system = await findTranscriptionSystem(id);
      expect((await findSpeedProbe(id)) !== undefined, id).toBe(isImported(system));
    }
  });

  it.each(['wav2vec2-base', 'deepspeech2'])(
    'of %s is a network that runs on what it is given',
    async (id) => {
      const probe = await findSpeedProbe(id);
      const graph = probe!.buildGraph();
      validateGraph(graph);
      const [rows = ''] = graph.inputs;
      const rowValues = Math.abs(elementCount(tensorOf(graph, rows).shape)); // one of the sizes is any
      expect(probe!.valueCount % rowValues).toBe(0);
      expect(probe!.timeRatio).toBeGreaterThan(1);
    },
  );
});

describe('invented weights', () => {
  it('are noise of the variance of trained ones, and ones where they scale', async () => {
    const {tensors} = inventedCheckpoint({weight: [100, 3000], scale: [7]});
    const weight = await tensors.get('weight')!.read();
    const variance = weight.reduce((sum, value) => sum + value * value, 0) / weight.length;
    expect(weight).toHaveLength(300_000);
    expect(variance * 3000).toBeCloseTo(1, 1);
    expect([...(await tensors.get('scale')!.read())]).toEqual(Array<number>(7).fill(1));
  });

  it('are the same each time', () => {
    expect(inventedNoise(9000, 0.5)).toEqual(inventedNoise(9000, 0.5));
    expect(Math.max(...inventedNoise(9000, 0.5))).toBeLessThanOrEqual(0.5);
  });
});
