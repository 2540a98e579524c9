import {basename} from 'node:path';
import {computeAccuracy, computeRecalls} from '../evaluate/confusion.ts';
import {computeExpectedCalibrationError} from '../evaluate/reliability.ts';
import {SILENCE_LABEL, type ClipEvaluation} from './evaluate-clips.ts';
import {formatShare, formatTable} from './format.ts';

/** What is compared of a system: its evaluations, over the same folders in the same order as every other system's. */
export interface ComparedSystem {
  readonly report: {readonly system: string};
  readonly evaluations: readonly ClipEvaluation[];
}

/** One figure of an evaluation, 0…1; NaN where there was nothing to count. */
interface Figure {
  readonly name: string;
  readonly of: (evaluation: ClipEvaluation) => number;
}

/** The systems side by side for people: a row per figure and folder, a column per system. */
export function describeComparison(systems: readonly ComparedSystem[]): string {
  const overFirst = systems[0]?.evaluations ?? [];
  const folders = shortNames(overFirst.map(({data}) => data));
  const rows = figuresOf(systems).flatMap((figure) =>
    folders.map((folder, index) => [
      index === 0 ? figure.name : '',
      folder,
      ...systems.map(({evaluations}) => formatFigure(figure, evaluations[index])),
    ]),
  );
  return [
    ...overFirst.map(({data, results}) => `data       ${data}, ${results.length} clips`),
    '',
    formatTable([['', 'data', ...systems.map(({report}) => report.system)], ...rows], 2),
  ].join('\n');
}

/** The last part of each path, or the whole paths where two end in the same one. */
function shortNames(folders: readonly string[]): readonly string[] {
  const names = folders.map((folder) => basename(folder));
  return new Set(names).size === folders.length ? names : folders;
}

/** The rows, with a recall for every class that any of the systems has. */
function figuresOf(systems: readonly ComparedSystem[]): Figure[] {
  const evaluations = systems.flatMap((system) => system.evaluations);
  const labels = new Set(evaluations.flatMap(({confusion}) => confusion.labels));
  return [
    {name: 'accuracy', of: ({confusion}) => computeAccuracy(confusion)},
    {name: `without ${SILENCE_LABEL}`, of: ({confusion}) => computeAccuracy(confusion, [SILENCE_LABEL])},
    {name: 'ECE', of: ({reliability}) => computeExpectedCalibrationError(reliability)},
    ...Array.from(labels, (label) => ({
      name: `recall ${label}`,
      of: ({confusion}: ClipEvaluation) => recallOf(confusion, label),
    })),
  ];
}

function recallOf(confusion: ClipEvaluation['confusion'], label: string): number {
  return computeRecalls(confusion)[confusion.labels.indexOf(label)] ?? NaN;
}

function formatFigure({of}: Figure, evaluation: ClipEvaluation | undefined): string {
  return formatShare(evaluation ? of(evaluation) : NaN);
}
