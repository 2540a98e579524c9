/** A time of a recording as players show it: minutes and seconds, with hours where there are any. */
export function clockTime(timeMs: number): string {
  const seconds = Math.floor(timeMs / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const tail = `${pad(minutes % 60, hours > 0 ? 2 : 1)}:${pad(seconds % 60, 2)}`;
  return hours > 0 ? `${String(hours)}:${tail}` : tail;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
