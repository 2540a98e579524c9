import {describe, expect, it} from 'vitest';
import {DEEPSPEECH2_FEATURE_COUNT} from '../../../../src/systems/deepspeech2/front-end.ts';
import {system} from '../../../../src/systems/deepspeech2/system.ts';
import {deepSpeech2Shapes} from '../../../../src/systems/deepspeech2/weights.ts';
import {maxAbsDifference} from '../../../support/arrays.ts';
import {loadClip} from '../../../support/goldens.ts';
import {seededCheckpoint} from '../../../support/seeded-checkpoint.ts';
import {computeFeatures} from '../../../support/transcription-features.ts';

describe('deepspeech2', () => {
  it('reads no values before its network is written', () => {
    const {tensors, ...rest} = seededCheckpoint(deepSpeech2Shapes(2560));
    const unread = [...tensors].map(([name, tensor]) => {
      const read = () => Promise.reject(new Error(`${name} was read`));
      return [name, {...tensor, read}] as const;
    });
    const graph = system.buildGraph({...rest, tensors: new Map(unread)});
    expect(graph.inputs).toEqual(['rows', 'h0', 'h1', 'h2']);
    expect(graph.outputs).toEqual(['logits', 'h0.next', 'h1.next', 'h2.next']);
  });

  it('lets go of rows when a chunk can be run, with the statistics up to there', () => {
    const frontEnd = system.createFrontEnd('streaming');
    const clip = loadClip('es_fox');
    const rows = new Float32Array(500 * DEEPSPEECH2_FEATURE_COUNT);
    frontEnd.push(clip.subarray(0, 88 * 160 + 159)); // the last sample that row 88 needs is at 88 · 160 + 159
    expect(frontEnd.readRows(rows)).toBe(0);
    frontEnd.push(clip.subarray(88 * 160 + 159, 88 * 160 + 160));
    expect(frontEnd.readRows(rows)).toBe(89);
    const running = computeFeatures(system.createFrontEnd('streaming'), clip);
    const whole = computeFeatures(system.createFrontEnd('utterance'), clip);
    expect(running).toHaveLength(whole.length);
    expect(maxAbsDifference(running, whole)).toBeGreaterThan(0.001);
  });

  it("takes the published network's samples as 32-bit ones, and another's as it says", () => {
    const clip = loadClip('es_yes');
    const features = (gain: 'int32' | 'int16' | 'unit') =>
      computeFeatures(system.withFullScale!(gain).createFrontEnd('utterance'), clip);
    expect(computeFeatures(system.createFrontEnd('utterance'), clip)).toEqual(features('int32'));
    expect(maxAbsDifference(features('unit'), features('int32'))).toBeGreaterThan(0.5);
  });
});
