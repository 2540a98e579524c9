import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {PickleCursor} from './pickle-cursor.ts';
import {nextInstruction} from './pickle-instructions.ts';
import type {OpcodeName} from './pickle-opcodes.ts';
import {PickleStack} from './pickle-stack.ts';
import {describeValue, PickleGlobal, printable, StatefulValue} from './pickle-values.ts';

/** What a pickle may refer to. */
export interface PickleSurroundings {
  /** By full name, such as `collections.OrderedDict`. All others are refused. */
  readonly globals: ReadonlyMap<string, PickleGlobal>;
  /** Gives the value of a persistent id. */
  readonly resolve: (id: unknown) => unknown;
}

/** Highest protocol there is (2026). */
const LATEST_PROTOCOL = 5;
/** Steps that a pickle may take; ten thousand tensors take half of them. */
const STEP_LIMIT = 2 ** 20;
const NAME_LIMIT = 256;

/**
 * Reads a pickle up to its STOP, without executing anything: a machine of a stack and a memo, whose calls go to the
 * few globals of `surroundings`. Tuples and lists become arrays, dictionaries Maps, integers numbers (or bigints
 * where those are not exact), bytes Uint8Arrays. Values may be shared and may hold themselves, as in Python.
 * Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 * @throws ModelFormatError for every other global or opcode, by name; where the stream makes no sense; and where it
 *   takes more steps than any state dictionary.
 */
export async function readPickle(cursor: PickleCursor, surroundings: PickleSurroundings): Promise<unknown> {
  const machine: Machine = {surroundings, memo: new Map(), stack: new PickleStack(), stepCount: 0};
  await cursor.steps(() => {
    const {opcode, operand} = nextInstruction(cursor);
    if (opcode === 'STOP') return true;
    spend(machine, 1);
    STEPS[opcode](machine, operand);
    return false;
  });
  return machine.stack.pop();
}

interface Machine {
  readonly surroundings: PickleSurroundings;
  readonly memo: Map<number, unknown>;
  readonly stack: PickleStack;
  stepCount: number;
}

/** What each opcode does; its operand is of the kind which the table of opcodes says. */
const STEPS: Readonly<Record<Exclude<OpcodeName, 'STOP'>, (machine: Machine, operand: unknown) => void>> = {
  PROTO: (_, protocol) => {
    if (Number(protocol) <= LATEST_PROTOCOL) return;
    throw new ModelFormatError(`a pickle of protocol ${Number(protocol)}`, `at most ${LATEST_PROTOCOL}`);
  },
  FRAME: () => undefined, // how much an unpickler may buffer: of no use here
  MARK: ({stack}) => {
    stack.mark();
  },
  POP: ({stack}) => stack.pop(),
  POP_MARK: ({stack}) => stack.popToMark(),
  DUP: ({stack}) => {
    stack.push(stack.top());
  },
  NONE: ({stack}) => {
    stack.push(null);
  },
  NEWTRUE: ({stack}) => {
    stack.push(true);
  },
  NEWFALSE: ({stack}) => {
    stack.push(false);
  },
  PUSH: ({stack}, value) => {
    stack.push(value);
  },
  EMPTY_SEQUENCE: ({stack}) => {
    stack.push([]);
  },
  TUPLE1: ({stack}) => {
    stack.push(stack.popCount(1));
  },
  TUPLE2: ({stack}) => {
    stack.push(stack.popCount(2));
  },
  TUPLE3: ({stack}) => {
    stack.push(stack.popCount(3));
  },
  SEQUENCE: ({stack}) => {
    stack.push(stack.popToMark());
  },
  APPEND: ({stack}) => {
    append(stack, stack.popCount(1));
  },
  APPENDS: ({stack}) => {
    append(stack, stack.popToMark());
  },
  EMPTY_DICT: ({stack}) => {
    stack.push(new Map());
  },
  DICT: ({stack}) => {
    const items = stack.popToMark();
    stack.push(new Map());
    setItems(stack, items);
  },
  SETITEM: ({stack}) => {
    setItems(stack, stack.popCount(2));
  },
  SETITEMS: ({stack}) => {
    setItems(stack, stack.popToMark());
  },
  PUT: ({stack, memo}, index) => memo.set(Number(index), stack.top()),
  MEMOIZE: ({stack, memo}) => memo.set(memo.size, stack.top()),
  GET: ({stack, memo}, index) => {
    if (!memo.has(Number(index)))
      throw new ModelFormatError(`memo ${Number(index)} of a pickle`, 'one put before');
    stack.push(memo.get(Number(index)));
  },
  GLOBAL: ({stack, surroundings}, names) => {
    const [module, name] = names as [string, string];
    stack.push(findGlobal(surroundings, module, name));
  },
  STACK_GLOBAL: ({stack, surroundings}) => {
    const [module, name] = stack.popCount(2);
    stack.push(findGlobal(surroundings, module, name));
  },
  REDUCE: (machine) => {
    const [callee, args] = machine.stack.popCount(2);
    machine.stack.push(call(machine, callee, args));
  },
  BUILD: ({stack}) => {
    const state = stack.pop();
    setState(stack.top(), state);
  },
  BINPERSID: ({stack, surroundings}) => {
    stack.push(surroundings.resolve(stack.pop()));
  },
};

function append(stack: PickleStack, items: readonly unknown[]): void {
  const list = stack.top();
  if (!Array.isArray(list)) throw new ModelFormatError(`items for ${describeValue(list)}`, 'a list');
  for (const item of items) list.push(item);
}

function setItems(stack: PickleStack, items: readonly unknown[]): void {
  const dictionary = stack.top();
  if (!(dictionary instanceof Map) || items.length % 2 !== 0) {
    const got = `${items.length} items for ${describeValue(dictionary)}`;
    throw new ModelFormatError(got, 'pairs of key and value for a dictionary');
  }
  for (let index = 0; index < items.length; index += 2) dictionary.set(items[index], items[index + 1]);
}

function findGlobal({globals}: PickleSurroundings, module: unknown, name: unknown): PickleGlobal {
  if (typeof module !== 'string' || typeof name !== 'string' || module.length + name.length > NAME_LIMIT) {
    throw new ModelFormatError('a global without a name', 'its module and name');
  }
  const fullName = `${module}.${name}`;
  const global = globals.get(fullName);
  if (global !== undefined) return global;
  throw new ModelFormatError(
    `global ${printable(fullName)}`,
    'tensors, their storages and plain values only: nothing in a checkpoint is executed',
  );
}

function call(machine: Machine, callee: unknown, args: unknown): unknown {
  if (!(callee instanceof PickleGlobal) || callee.call === undefined || !Array.isArray(args)) {
    throw new ModelFormatError(`a call of ${describeValue(callee)}`, 'a function and its arguments');
  }
  // a call may walk through what it is given, again and again where the memo repeats it
  spend(machine, args.length);
  for (const value of args as unknown[]) spend(machine, lengthOf(value));
  return callee.call(args);
}

/** The state of a dictionary is what Python code hung on it (`_metadata`): its items stay as they are. */
function setState(target: unknown, state: unknown): void {
  if (target instanceof Map) return;
  if (!(target instanceof StatefulValue)) {
    throw new ModelFormatError(`a state for ${describeValue(target)}`, 'one for a dictionary');
  }
  target.setState(state);
}

function spend(machine: Machine, steps: number): void {
  machine.stepCount += steps;
  if (machine.stepCount <= STEP_LIMIT) return;
  throw new ModelFormatError('a pickle of more steps', `at most ${STEP_LIMIT}`);
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) || typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
}
