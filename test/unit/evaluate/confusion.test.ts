import {describe, expect, it} from 'vitest';
import {
  computeAccuracy,
  computeRecalls,
  countAnswer,
  countAnswers,
  createConfusion,
  rowOf,
} from '../../../src/evaluate/confusion.ts';

const LABELS = ['yes', 'no', '_silence_', 'go'];

function confusionOf(answers: readonly (readonly [said: string, heard: string])[]) {
  const confusion = createConfusion(LABELS);
  for (const [said, heard] of answers) countAnswer(confusion, said, heard);
  return confusion;
}

const confusion = confusionOf([
  ['yes', 'yes'],
  ['yes', 'yes'],
  ['yes', 'no'],
  ['no', 'yes'],
  ['_silence_', '_silence_'],
  ['_silence_', '_silence_'],
  ['_silence_', '_silence_'],
  ['_silence_', 'no'],
]);

describe('a confusion matrix', () => {
  it('has a row for what was said and a column for what was heard', () => {
    expect(LABELS.map((_, said) => rowOf(confusion, said))).toEqual([
      [2, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 1, 3, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('gives the accuracy over all and without the clips of a class', () => {
    expect(computeAccuracy(confusion)).toBe(5 / 8);
    expect(computeAccuracy(confusion, ['_silence_'])).toBe(2 / 4);
    expect([countAnswers(confusion), countAnswers(confusion, ['_silence_'])]).toEqual([8, 4]);
  });

  it('gives each class’s recall, and NaN for a class that was never said', () => {
    expect(computeRecalls(confusion)).toEqual([2 / 3, 0, 3 / 4, NaN]);
  });

  it('has no accuracy while it is empty', () => {
    expect(computeAccuracy(createConfusion(LABELS))).toBeNaN();
  });

  it('refuses labels it does not have, and labels that stand twice', () => {
    expect(() => countAnswer(confusion, 'bed', 'yes')).toThrow(
      'got label "bed", expected one of: yes, no, _silence_, go',
    );
    expect(() => countAnswer(confusion, 'yes', 'bed')).toThrow(RangeError);
    expect(() => createConfusion(['yes', 'yes'])).toThrow(RangeError);
  });
});
