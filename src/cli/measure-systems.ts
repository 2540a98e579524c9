import type {Output} from './command.ts';
import {describeComparison} from './compare-clips.ts';
import {
  clipEvaluationToJson,
  describeClipEvaluation,
  evaluateClips,
  type ClipEvaluation,
} from './evaluate-clips.ts';
import {loadSystem, type LoadedSystem} from './load-system.ts';
import {describeSystem, type SystemChoice, type SystemReport} from './system-sources.ts';

/** Which clips the systems are measured over. */
export interface MeasureRequest {
  /** Folders with an index.jsonl. */
  readonly data: readonly string[];
  /** At most so many clips of each; all where it is absent. */
  readonly limit?: number | undefined;
}

/** A system and what was found of it: one evaluation per folder, in the order of the request. */
export interface MeasuredSystem {
  readonly report: SystemReport;
  readonly publishedFigure?: string | undefined;
  readonly limitations?: string | undefined;
  readonly evaluations: readonly ClipEvaluation[];
}

/**
 * Runs each system over each folder. Loads all the systems before the first runs, so that missing weights are said at
 * once.
 * @throws the errors of `loadSystem` and `evaluateClips`.
 */
export async function measureSystems(
  systemIds: readonly string[],
  choice: SystemChoice,
  request: MeasureRequest,
  output: Output,
): Promise<MeasuredSystem[]> {
  const systems: LoadedSystem[] = [];
  const measured: MeasuredSystem[] = [];
  try {
    for (const systemId of systemIds) systems.push(await loadSystem(systemId, choice));
    for (const system of systems) measured.push(await measureSystem(system, request, output));
  } finally {
    for (const {classifier} of systems) classifier.model.dispose();
  }
  return measured;
}

async function measureSystem(
  {classifier, report}: LoadedSystem,
  {data, limit}: MeasureRequest,
  output: Output,
): Promise<MeasuredSystem> {
  const evaluations: ClipEvaluation[] = [];
  for (const folder of data) {
    evaluations.push(await evaluateClips(classifier, {data: folder, limit}, output));
  }
  const {publishedFigure, limitations} = classifier.system.card;
  return {report, publishedFigure, limitations, evaluations};
}

/** The JSON document: that of one system over one folder, or the list of such documents, folders within systems. */
export function measuredToJson(measured: readonly MeasuredSystem[]): object {
  const documents = measured.flatMap(({report, publishedFigure, limitations, evaluations}) =>
    evaluations.map((evaluation) => ({
      ...report,
      publishedFigure,
      limitations,
      ...clipEvaluationToJson(evaluation),
    })),
  );
  const [only] = documents;
  return only && documents.length === 1 ? only : {evaluations: documents};
}

/** For people: the full report of one system over one folder, or the systems and one table of them all. */
export function describeMeasured(measured: readonly MeasuredSystem[]): string {
  const evaluations = measured.flatMap((system) => system.evaluations);
  const [only] = evaluations;
  const heads = measured.map(describeHead);
  if (only && evaluations.length === 1) return [...heads, describeClipEvaluation(only)].join('\n');
  return [...heads, describeComparison(measured)].join('\n\n');
}

function describeHead({report, publishedFigure, limitations}: MeasuredSystem): string {
  const published = publishedFigure === undefined ? [] : [`published  ${publishedFigure}`];
  const weak = limitations === undefined ? [] : [`weak at    ${limitations}`];
  return [describeSystem(report), ...published, ...weak].join('\n');
}
