import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {CONVOLUTIONS} from '../../../../src/systems/wav2vec2-base/layout.ts';
import {system} from '../../../../src/systems/wav2vec2-base/system.ts';
import {goldenRoot} from '../../../support/goldens.ts';

const {card, wholeUtterancePlan} = system;

describe('the plan of wav2vec2-base', () => {
  const {w2v2} = JSON.parse(readFileSync(join(goldenRoot, 'lengths.json'), 'utf8')) as {
    w2v2: readonly {samples: number; steps: number}[];
  };

  it.each(w2v2)('says $steps steps for $samples samples', ({samples, steps}) => {
    const {receptiveFrames, subsamplingFactor} = wholeUtterancePlan;
    expect(Math.max(0, Math.floor((samples - receptiveFrames) / subsamplingFactor) + 1)).toBe(steps);
  });

  it('is that of the convolutions', () => {
    const reach = CONVOLUTIONS.toReversed().reduce(
      (cells, {kernel, stride}) => (cells - 1) * stride + kernel,
      1,
    );
    expect(wholeUtterancePlan.receptiveFrames).toBe(reach);
    expect(wholeUtterancePlan.subsamplingFactor).toBe(
      CONVOLUTIONS.reduce((product, {stride}) => product * stride, 1),
    );
  });

  it('has windows of whole steps that keep something between their edges', () => {
    const {partial, subsamplingFactor, maxFrames} = wholeUtterancePlan;
    expect(partial.windowFrames % subsamplingFactor).toBe(0);
    expect(partial.contextFrames % subsamplingFactor).toBe(0);
    expect(partial.windowFrames).toBeGreaterThan(2 * partial.contextFrames);
    expect(partial.windowFrames).toBeLessThan(maxFrames);
  });
});

describe('the card of wav2vec2-base', () => {
  it('has the 32 labels of the published dictionary', () => {
    expect(card.labels).toHaveLength(32);
    expect(card.labels[card.blankId]).toBe('<pad>');
    expect(card.labels[card.spaceId]).toBe('|');
    expect(card.labels.slice(5).join('')).toBe("ETAONIHSRDLUMWCFGYPBVK'XJQZ");
  });
});
