import type {Row} from './measurement.ts';
import type {BenchResult} from './result.ts';

/** Other programs take no more than this of an idle machine. */
const MOST_BUSY_SHARE = 0.1;

type Measured = BenchResult['measurements'][number];

/** Prints one measurement as a table, with the change against a kept result where there is one. */
export function printMeasured({id, title, rows}: Measured, last: BenchResult | undefined): void {
  const lastRows = last?.measurements.find((measured) => measured.id === id)?.rows ?? [];
  console.log(`\n${title}\n`);
  printTable([columns, ...rows.map((row) => describe(row, lastRows))]);
  for (const {name, note} of rows) if (note !== undefined) console.log(`  ${name}: ${note}`);
}

const columns = ['', 'median', 'p5', 'unit', 'its median', 'ratio', 'change', 'against'] as const;

function describe(row: Row, lastRows: readonly Row[]): readonly string[] {
  const {name, p5, value, unit, against, ratio} = row;
  const then = lastRows.find((last) => last.name === name);
  const figures = [figure(value), figure(p5), unit, figure(against?.value), figure(ratio)];
  return [name, ...figures, change(row, then), against?.name ?? ''];
}

function printTable(lines: readonly (readonly string[])[]): void {
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isText = (column: number): boolean => ['', 'unit', 'against'].includes(columns[column] ?? '');
  for (const line of lines) {
    const cells = line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return isText(column) ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(`  ${cells.join('  ')}`.trimEnd());
  }
  console.log();
}

/** Three digits that count; whole numbers, and what is large, without a fraction. */
function figure(value: number | undefined): string {
  if (value === undefined) return '';
  if (Number.isInteger(value) || value >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(3);
}

/**
 * Of the ratio where both have one, since it carries from machine to machine; else of the value.
 * @returns for example "+4.1 % of the ratio".
 */
function change(now: Row, then: Row | undefined): string {
  const key = now.ratio !== undefined && then?.ratio !== undefined ? 'ratio' : 'value';
  const [after, before] = [now[key], then?.[key]];
  if (after === undefined || before === undefined) return '';
  const percent = 100 * (after / before - 1);
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} % of the ${key}`;
}

/** Prints what ran where. */
export function printRun({version, commit, date, rounds, machine, software}: BenchResult): void {
  const {processor, coreCount, system, busyShare} = machine;
  console.log(`Earshot ${version} (${commit}), ${date}, ${rounds} rounds after a warm-up`);
  console.log(
    `${processor}, ${coreCount} cores, ${system}, ${(100 * busyShare).toFixed(0)} % busy before the run`,
  );
  console.log(
    Object.entries(software)
      .map(([name, of]) => `${name} ${of}`)
      .join(', '),
  );
  console.log('Times are medians of rounds, a round a batch of at least 20 ms; ratio: median ÷ its median.');
  if (busyShare > MOST_BUSY_SHARE)
    console.log('The machine was busy: its times say little, its ratios somewhat more.');
}
