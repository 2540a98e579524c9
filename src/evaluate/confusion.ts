/** How often each class was taken for each other one. Any thread. */
export interface Confusion {
  readonly labels: readonly string[];
  readonly counts: Uint32Array; // [labelCount × labelCount], row: what was said, column: what was heard
}

/** An empty confusion matrix over these classes. Any thread. */
export function createConfusion(labels: readonly string[]): Confusion {
  if (new Set(labels).size !== labels.length) {
    throw new RangeError(`labels: got ${labels.join(', ')}, expected each once`);
  }
  return {labels, counts: new Uint32Array(labels.length ** 2)};
}

/**
 * Counts one answer, in place.
 * @throws RangeError where either label is none of the matrix.
 */
export function countAnswer(confusion: Confusion, said: string, heard: string): void {
  const cell = indexOfLabel(confusion, said) * confusion.labels.length + indexOfLabel(confusion, heard);
  confusion.counts[cell] = (confusion.counts[cell] ?? 0) + 1;
}

/** How many answers were counted, without those where one of `exceptSaid` was said. Any thread. */
export function countAnswers(confusion: Confusion, exceptSaid: readonly string[] = []): number {
  return sum(keptRows(confusion, exceptSaid).map((said) => sum(rowOf(confusion, said))));
}

/**
 * Share of right answers, 0…1, without those where one of `exceptSaid` was said; NaN where none is left.
 * Any thread.
 */
export function computeAccuracy(confusion: Confusion, exceptSaid: readonly string[] = []): number {
  const rows = keptRows(confusion, exceptSaid);
  const rightCount = sum(rows.map((said) => rowOf(confusion, said)[said] ?? 0));
  return rightCount / countAnswers(confusion, exceptSaid);
}

/** Of each class the share that was recognised, 0…1, in the order of the labels; NaN where it was never said. */
export function computeRecalls(confusion: Confusion): number[] {
  return confusion.labels.map((_, said) => {
    const row = rowOf(confusion, said);
    return (row[said] ?? 0) / sum(row);
  });
}

/** What was heard when this class was said, [labelCount]. Any thread. */
export function rowOf({labels, counts}: Confusion, said: number): number[] {
  return Array.from(counts.subarray(said * labels.length, (said + 1) * labels.length));
}

function keptRows({labels}: Confusion, exceptSaid: readonly string[]): number[] {
  return labels.flatMap((label, row) => (exceptSaid.includes(label) ? [] : [row]));
}

function indexOfLabel({labels}: Confusion, label: string): number {
  const index = labels.indexOf(label);
  if (index < 0) throw new RangeError(`got label "${label}", expected one of: ${labels.join(', ')}`);
  return index;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
