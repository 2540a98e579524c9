import {blockFields, type Buffer, type Field, type Step} from './blocks.ts';

/** Everything starts at a multiple of this: the length of a vector. */
const ALIGNMENT = 16;

/** What kernels may read behind the end of a buffer, or write behind the end of a scratch one, without harm. */
const SLACK_BYTES = 16;

/** Where everything lies in the memory of a network. */
export interface MemoryPlan {
  readonly byteLength: number;
  /** Constants and blocks, from address 0. */
  readonly image: Uint8Array;
  /** Address of each step's block. */
  readonly blocks: readonly number[];
  addressOf(buffer: Buffer): number;
}

interface Lifetime {
  first: number;
  last: number;
}

/**
 * Gives every buffer of a program its address. Constants and blocks come first; other buffers share memory with those
 * that are not in use at the same time, the largest placed first, each as low as it fits.
 * @param inputs are in use from the start, @param outputs to the end.
 */
export function arrangeMemory(
  steps: readonly Step[],
  inputs: readonly Buffer[],
  outputs: readonly Buffer[],
): MemoryPlan {
  const lifetimes = findLifetimes(steps, inputs, outputs);
  const addresses = new Map<Buffer, number>();
  let end = ALIGNMENT; // nothing lies at 0
  for (const buffer of lifetimes.keys()) {
    if (!buffer.data) continue;
    addresses.set(buffer, end);
    end += spaceOf(buffer);
  }
  const blocks = steps.map(({kernel}) => {
    const address = end;
    end += align(4 * blockFields[kernel].length);
    return address;
  });
  const imageLength = end;
  end = placeShared(lifetimes, addresses, end);
  const image = new Uint8Array(imageLength);
  const addressOf = (buffer: Buffer): number => addresses.get(buffer) as number;
  writeConstants(image, addresses);
  steps.forEach((step, index) => writeBlock(image, blocks[index] as number, step, addressOf));
  return {byteLength: end, image, blocks, addressOf};
}

function findLifetimes(
  steps: readonly Step[],
  inputs: readonly Buffer[],
  outputs: readonly Buffer[],
): ReadonlyMap<Buffer, Lifetime> {
  const lifetimes = new Map<Buffer, Lifetime>();
  const use = (buffer: Buffer, time: number): void => {
    const lifetime = lifetimes.get(buffer);
    if (lifetime) lifetime.last = time;
    else lifetimes.set(buffer, {first: time, last: time});
  };
  for (const buffer of inputs) use(buffer, -1);
  steps.forEach(({fields}, time) => {
    for (const field of Object.values(fields)) if (typeof field !== 'number') use(field.buffer, time);
  });
  for (const buffer of outputs) use(buffer, steps.length);
  return lifetimes;
}

/** Gives the end of all. */
function placeShared(
  lifetimes: ReadonlyMap<Buffer, Lifetime>,
  addresses: Map<Buffer, number>,
  start: number,
): number {
  const shared = [...lifetimes].filter(([buffer]) => !buffer.data);
  shared.sort(([a], [b]) => b.byteLength - a.byteLength);
  const placed: {readonly address: number; readonly end: number; readonly lifetime: Lifetime}[] = [];
  let end = start;
  for (const [buffer, lifetime] of shared) {
    const inTheWay = placed.filter(
      (other) => other.lifetime.first <= lifetime.last && lifetime.first <= other.lifetime.last,
    );
    let address = start;
    for (const other of inTheWay.sort((a, b) => a.address - b.address)) {
      if (other.address >= address + spaceOf(buffer)) break;
      address = Math.max(address, other.end);
    }
    addresses.set(buffer, address);
    placed.push({address, end: address + spaceOf(buffer), lifetime});
    end = Math.max(end, address + spaceOf(buffer));
  }
  return end;
}

function writeConstants(image: Uint8Array, addresses: ReadonlyMap<Buffer, number>): void {
  for (const [{data}, address] of addresses) {
    if (data) image.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);
  }
}

function writeBlock(
  image: Uint8Array,
  address: number,
  {kernel, fields}: Step,
  addressOf: (buffer: Buffer) => number,
): void {
  const block = new DataView(image.buffer, address);
  blockFields[kernel].forEach((name, index) => {
    const field = fields[name] as Field;
    const value = typeof field === 'number' ? field : addressOf(field.buffer) + field.offset;
    block.setInt32(4 * index, value, true);
  });
}

function spaceOf({byteLength}: Buffer): number {
  return align(byteLength + SLACK_BYTES);
}

function align(byteLength: number): number {
  return Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
}
