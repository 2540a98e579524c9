import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {elementCount} from '../../../src/graph/shape.ts';
import {cards} from '../../../src/systems/cards.ts';
import {findKeywordSystem} from '../../../src/systems/keyword-systems.ts';
import {hasShared, sharedPath} from '../../support/shared.ts';
import {sampleInt8Network} from '../../support/tflite-samples.ts';

const FILES = {
  'micronet-large': {file: 'micronet_large_int8.tflite', output: 'logits', yes: 9},
  'ds-cnn-clustered': {file: 'ds_cnn_clustered_int8_rebuilt.tflite', output: 'posteriors', yes: 2},
  'ds-cnn-large': {file: 'ds_cnn_large_int8.tflite', output: 'posteriors', yes: 2},
} as const;
const systems = Object.entries(FILES);

describe('the published keyword systems', () => {
  it.each(systems)('%s has its card, its front end and its own label order', async (id, {output, yes}) => {
    const system = await findKeywordSystem(id);
    expect(cards).toContain(system.card);
    expect(system.card.id).toBe(id);
    expect(system.output).toBe(output);
    // frontends.md, sections 2 and 3: measured with the clip "yes"
    expect(system.card.labels.indexOf('yes')).toBe(yes);
    expect(new Set(system.card.labels).size).toBe(12);
    expect(system.card.labels).toEqual(expect.arrayContaining([...system.card.rejectLabels]));
    expect([system.frameCount, system.mfcc.coefficientCount]).toEqual([49, 10]);
  });

  it.each(systems)('%s refuses a network of other sizes', async (id) => {
    const system = await findKeywordSystem(id);
    expect(() => system.buildGraph(sampleInt8Network())).toThrow(ModelFormatError);
    expect(() => system.buildGraph(sampleInt8Network())).toThrow(
      'got inputs of shapes [1, 40], expected one of 490 values',
    );
  });

  const reason = hasShared ? '' : ' (skipped: ../shared is absent)';
  const itShared = it.skipIf(!hasShared);
  itShared.each(systems)(
    `%s accepts its file by digest and builds its graph${reason}`,
    async (id, {file}) => {
      const bytes = new Uint8Array(readFileSync(sharedPath('models', file)));
      const system = await findKeywordSystem(id);
      const {card} = system;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const accepted = card.weights.accepted.find((digest) => digest.sha256 === sha256);
      expect(accepted?.bytes).toBe(bytes.length);
      expect(accepted?.sha1).toBe(createHash('sha1').update(bytes).digest('hex'));
      const graph = system.buildGraph(bytes);
      const output = graph.tensors.get(graph.outputs[0] ?? '');
      expect(elementCount(output?.shape ?? [])).toBe(card.labels.length);
    },
  );
});
