/** A name that a pickle may refer to; nothing but `call` happens where the pickle calls it. */
export class PickleGlobal {
  readonly name: string;
  readonly call: ((args: readonly unknown[]) => unknown) | undefined;

  /** @param call gives the value; the arguments are as the file has them, unchecked. */
  constructor(name: string, call?: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** A value that a pickle gives a state after making it. */
export abstract class StatefulValue {
  abstract setState(state: unknown): void;
}

/** What a value of a pickle is, for messages. */
export function describeValue(value: unknown): string {
  if (value instanceof PickleGlobal) return value.name;
  if (value instanceof Map) return `a dictionary of ${value.size}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return `text ${printable(value)}`;
  if (value === null) return 'None';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
  return 'a value of another kind';
}

/** Text of a file as it may stand in a message: short, and nothing that could pass for the message's own words. */
export function printable(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return /^[\w.]+$/.test(short) ? short : JSON.stringify(short);
}

/** A number where that is exact. */
export function exactNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
