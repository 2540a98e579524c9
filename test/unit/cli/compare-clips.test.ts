import {describe, expect, it} from 'vitest';
import {describeComparison, type ComparedSystem} from '../../../src/cli/compare-clips.ts';
import type {ClipEvaluation} from '../../../src/cli/evaluate-clips.ts';
import {countAnswer, createConfusion} from '../../../src/evaluate/confusion.ts';
import {computeReliability} from '../../../src/evaluate/reliability.ts';

/** An evaluation with these answers, each of them wholly sure. */
function evaluationOf(
  data: string,
  labels: readonly string[],
  answers: readonly (readonly [said: string, heard: string])[],
): ClipEvaluation {
  const confusion = createConfusion(labels);
  for (const [said, heard] of answers) countAnswer(confusion, said, heard);
  const results = answers.map(([label, predicted]) => ({file: 'a.wav', label, predicted, posterior: 1}));
  const reliability = computeReliability(
    answers.map(([said, heard]) => ({confidence: 1, isRight: said === heard})),
  );
  return {data, results, confusion, reliability, timePerClipMs: 1};
}

const system = (name: string, ...evaluations: ClipEvaluation[]): ComparedSystem => ({
  report: {system: name},
  evaluations,
});

describe('the table of systems side by side', () => {
  it('finds a class by its label, whatever its place, and has a dash for one that a system lacks', () => {
    const first = evaluationOf(
      'clean',
      ['yes', 'no', '_silence_'],
      [
        ['yes', 'yes'],
        ['no', 'yes'],
        ['_silence_', '_silence_'],
        ['_silence_', '_silence_'],
      ],
    );
    const second = evaluationOf(
      'clean',
      ['_silence_', 'go', 'no', 'yes'],
      [
        ['yes', 'no'],
        ['no', 'no'],
        ['_silence_', 'no'],
        ['_silence_', '_silence_'],
      ],
    );
    expect(describeComparison([system('one', first), system('two', second)])).toBe(
      `\
data       clean, 4 clips

                   data        one       two
accuracy           clean   75.00 %   50.00 %
without _silence_  clean   50.00 %   50.00 %
ECE                clean   25.00 %   50.00 %
recall yes         clean  100.00 %    0.00 %
recall no          clean    0.00 %  100.00 %
recall _silence_   clean  100.00 %   50.00 %
recall go          clean         –         –`,
    );
  });

  it('names folders by their last part, or in full where two have the same one', () => {
    const over = (...folders: string[]): string =>
      describeComparison([system('one', ...folders.map((folder) => evaluationOf(folder, ['yes'], [])))]);
    expect(over('a/clean', 'a/10-dB')).toMatch(/^accuracy +clean +–\n +10-dB +–$/m);
    expect(over('a/clean', 'b/clean')).toMatch(/^accuracy +a\/clean +–\n +b\/clean +–$/m);
  });
});
