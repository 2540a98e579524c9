import {describe, expect, it} from 'vitest';
import {openCheckpoint} from '../../../../src/formats/checkpoint/checkpoint.ts';
import {expectRefused} from '../../../support/expect-refused.ts';
import {CountedFile, type FilePiece} from '../../../support/file-pieces.ts';
import {
  globalName,
  integer,
  list,
  oldText,
  persistent,
  pickle,
  reduce,
  text,
  tuple,
  type PickleBytes,
} from '../../../support/pickle-writer.ts';
import {writeTorchLegacy} from '../../../support/torch-legacy-writer.ts';
import {writeZip} from '../../../support/zip-writer.ts';

/** Longest time that a hostile file may take, on a busy machine. */
const TIME_LIMIT_MS = 10_000;

const [MARK, TUPLE, POP, DUP, APPEND, APPENDS, EMPTY_LIST, EMPTY_DICT] = [
  0x28, 0x74, 0x30, 0x32, 0x61, 0x65, 0x5d, 0x7d,
];
const [PUT, GET, STACK_GLOBAL, BUILD, FRAME, BINUNICODE8, LONG4, TUPLE1, TUPLE2, SETITEMS, REDUCE] = [
  0x71, 0x68, 0x93, 0x62, 0x95, 0x8d, 0x8b, 0x85, 0x86, 0x75, 0x52,
];
const [MANY, HUGE] = [2_000_000, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]];
const ORDERED = globalName('collections', 'OrderedDict');

function times(count: number, ...bytes: number[]): number[] {
  return Array.from({length: count * bytes.length}, (_, index) => bytes[index % bytes.length] ?? 0);
}

const formats: [string, (root: PickleBytes) => FilePiece[]][] = [
  ['legacy', (root) => writeTorchLegacy(root, [])],
  ['ZIP', (root) => writeZip([{name: 'archive/data.pkl', content: [pickle(root)]}])],
];

describe.each(formats)('a hostile pickle in a file of the %s format is refused by name', (_, write) => {
  it.each([
    ['os.system', reduce(globalName('os', 'system'), tuple(text('true')))],
    ['posix.system', reduce(globalName('posix', 'system'), tuple(text('true')))],
    ['nt.system', globalName('nt', 'system')],
    ['builtins.eval', reduce(globalName('builtins', 'eval'), tuple(text('1')))],
    ['__builtin__.eval', globalName('__builtin__', 'eval')],
    ['builtins.getattr', [...text('builtins'), ...text('getattr'), STACK_GLOBAL]],
    ['subprocess.Popen', [...oldText('subprocess'), ...oldText('Popen'), STACK_GLOBAL]],
    ['torch._utils.os.system', [...text('torch._utils'), ...text('os.system'), STACK_GLOBAL]],
    ['torch.storage._load_from_bytes', globalName('torch.storage', '_load_from_bytes')],
    ['torch.nn.modules.linear.Linear', globalName('torch.nn.modules.linear', 'Linear')],
    ['collections.OrderedDict.__class__', globalName('collections', 'OrderedDict.__class__')],
    ['toString', globalName('', 'toString')],
  ])('%s', async (name, root) => {
    const error: unknown = await openCheckpoint(new CountedFile(write(root))).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({code: 'model-format'});
    expect(String(error)).toContain(name);
    expect(String(error)).toContain('got global');
  });
});

describe('a pickle that makes no sense is refused', () => {
  it.each([
    [
      'that calls a class of storages',
      reduce(globalName('torch', 'FloatStorage'), tuple()),
      /a call of torch\.Fl/,
    ],
    ['that calls a number', reduce(integer(1), tuple()), /a call of 1/],
    ['that calls with no list', reduce(ORDERED, integer(1)), /a call of collections\.OrderedDict/],
    [
      'that makes a dictionary of numbers',
      reduce(ORDERED, tuple(list(integer(1)))),
      /a dictionary of a list of 1/,
    ],
    ['that gives a state to a list', [EMPTY_LIST, EMPTY_LIST, BUILD], /a state for a list of 0/],
    [
      'that gives items to a number',
      [...integer(1), MARK, ...integer(1), APPENDS],
      /items for 1, expected a list/,
    ],
    ['of half a pair', [EMPTY_DICT, MARK, ...integer(1), SETITEMS], /1 items for a dictionary/],
    ['that takes from an empty stack', [POP], /stack is empty/],
    ['that takes below a mark', [...integer(1), MARK, DUP], /stack is empty/],
    ['without a mark', [...integer(1), TUPLE], /without a mark/],
    ['of a memo not put', [GET, 7], /memo 7/],
    ['of a persistent id that is no storage', persistent(tuple(text('module'))), /persistent id a list of 1/],
    [
      'of a parameter that is no tensor',
      reduce(globalName('torch._utils', '_rebuild_parameter'), tuple()),
      /param/,
    ],
    [
      'of a tensor without a storage',
      reduce(globalName('torch._utils', '_rebuild_tensor'), tuple()),
      /a tensor of/,
    ],
    ['of another opcode', [0x81], /pickle opcode 0x81 at byte/],
    ['of protocol 9', [0x80, 9], /protocol 9, expected at most 5/],
    ['of a text that is no UTF-8', [0x58, 1, 0, 0, 0, 0xff], /does not decode/],
    ['of a name without an end', [0x63, ...times(1000, 0x61)], /a longer line/],
    [
      'of a NumPy type of objects',
      reduce(globalName('numpy', 'dtype'), tuple(text('O8'))),
      /NumPy type text O8/,
    ],
  ] as [string, PickleBytes, RegExp][])('%s', async (_, root, message) => {
    const opened = openCheckpoint(new CountedFile(writeTorchLegacy(root, [])));
    await expectRefused(opened, message);
  });
});

describe('a bomb ends soon, without much memory', () => {
  const long = text('x'.repeat(2 ** 20 - 100));
  it.each([
    ['a text of more bytes than there are', [BINUNICODE8, ...HUGE], /to the end of a pickle/],
    ['an integer of 4 GB', [LONG4, 0xff, 0xff, 0xff, 0xff], /an integer of 4294967295 bytes/],
    ['an integer of 1 MB', [LONG4, 0, 0, 16, 0, ...times(2 ** 20, 1)], /an integer of 1048576 bytes/],
    ['a frame larger than the file', [FRAME, ...HUGE, POP], /stack is empty/],
    ['marks in marks', times(MANY, MARK), /more steps/],
    ['lists in lists', [EMPTY_LIST, ...times(MANY, EMPTY_LIST, APPEND)], /more steps/],
    ['a list of itself', [EMPTY_LIST, PUT, 0, ...times(MANY, GET, 0, APPEND)], /more steps/],
    ['tuples of twice the one before', [EMPTY_LIST, ...times(MANY, DUP, TUPLE2)], /more steps/],
    ['few tuples of twice the one before', [EMPTY_LIST, ...times(1000, DUP, TUPLE2)], /got a list of 2/],
    ['a copy of a long text at each step', [...long, ...times(2000, DUP, ...encodeTop(), POP)], /more steps/],
    ['a pickle of 20 MB', [0x42, 0, 0, 0x40, 1, ...times(0x140_0000, 0)], /to the end of a pickle/],
  ] as [string, PickleBytes, RegExp][])('%s', async (_, root, message) => {
    const file = new CountedFile(writeTorchLegacy(root, []));
    const start = performance.now();
    await expectRefused(openCheckpoint(file), message);
    expect(performance.now() - start).toBeLessThan(TIME_LIMIT_MS);
  });

  /** Calls `_codecs.encode` with what is on top of the stack. */
  function encodeTop(): number[] {
    return [PUT, 1, POP, ...globalName('_codecs', 'encode'), GET, 1, TUPLE1, REDUCE];
  }
});
