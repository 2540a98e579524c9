import type {Graph} from '../src/graph/graph.ts';
import {findReusableColumns, type LayerReuse, type ReuseQuestion} from '../src/graph/reusable-columns.ts';

/**
 * The same with a cache for every phase of the strides: each node takes its columns from the newest earlier window
 * that is whole columns away, lcm(hop, framesPerColumn) / hop hops ago.
 */
export function findReusableInPhases(graph: Graph, question: ReuseQuestion): readonly LayerReuse[] {
  const plain = findReusableColumns(graph, question);
  const periods = plain.map(({time}) => time?.framesPerColumn ?? 1);
  const hopCounts = Array.from({length: Math.max(1, ...periods)}, (_, index) => index + 1);
  const byHops = hopCounts.map((hops) =>
    findReusableColumns(graph, {...question, shift: hops * question.shift}),
  );
  return plain.map((layer, index) => {
    const period = periods[index] ?? 1;
    const nearest = hopCounts.findIndex((hops) => (hops * question.shift) % period === 0);
    return byHops[nearest]?.[index] ?? layer;
  });
}
