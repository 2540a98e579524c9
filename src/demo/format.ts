const integer = new Intl.NumberFormat('en');

/** A time on the audio timeline as minutes and seconds, for example `1:02.3`. */
export function formatTime(timeMs: number): string {
  const tenths = Math.floor(timeMs / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  return `${minutes}:${seconds}`;
}

/** A score or threshold, 0…1, with two digits. */
export function formatScore(score: number): string {
  return score.toFixed(2);
}

/** A size in megabytes of 10⁶ bytes: `2.4 MB`, `378 MB`; from a thousand of them on in gigabytes: `10.7 GB`. */
export function formatMegabytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  const megabytes = bytes / 1e6;
  return `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`;
}

/** A count with its thousands apart. */
export function formatCount(count: number): string {
  return integer.format(count);
}
