/** A duration or time in seconds with two decimals, for people. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** A share of 0…1 as per cent with two decimals; a dash where there was nothing to count. */
export function formatShare(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(2)} %`;
}

/** Rows of equal length as columns: the first `leftCount` left-aligned, the others right-aligned, two spaces between. */
export function formatTable(rows: readonly (readonly string[])[], leftCount = 1): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < leftCount ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** A number for JSON, which has none for "nothing to count": null takes its place. */
export function jsonNumber(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
