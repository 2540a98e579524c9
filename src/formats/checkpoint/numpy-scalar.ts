import {ModelFormatError} from '../../graph/model-format-error.ts';
import {describeValue, exactNumber, PickleGlobal, StatefulValue} from './pickle-values.ts';

const READERS: Readonly<Record<string, (view: DataView) => number | bigint | boolean>> = {
  f8: (view) => view.getFloat64(0, true),
  f4: (view) => view.getFloat32(0, true),
  i8: (view) => exactNumber(view.getBigInt64(0, true)),
  u8: (view) => exactNumber(view.getBigUint64(0, true)),
  i4: (view) => view.getInt32(0, true),
  u4: (view) => view.getUint32(0, true),
  b1: (view) => view.getUint8(0) !== 0,
};

/** Globals of NumPy's scalars, which training scripts leave among their results. */
export const NUMPY_GLOBALS: readonly PickleGlobal[] = [
  new PickleGlobal('numpy.dtype', ([code]) => new NumpyType(code)),
  new PickleGlobal('numpy.core.multiarray.scalar', readScalar),
  new PickleGlobal('numpy._core.multiarray.scalar', readScalar),
  new PickleGlobal('_codecs.encode', encodeLatin1),
];

class NumpyType extends StatefulValue {
  readonly code: string;

  constructor(code: unknown) {
    super();
    if (typeof code !== 'string' || !Object.hasOwn(READERS, code)) {
      throw new ModelFormatError(
        `NumPy type ${describeValue(code)}`,
        `one of ${Object.keys(READERS).join(', ')}`,
      );
    }
    this.code = code;
  }

  /** @param state (version, byte order, …). */
  override setState(state: unknown): void {
    const order: unknown = Array.isArray(state) ? state[1] : undefined;
    if (order === '<' || order === '|') return;
    throw new ModelFormatError(`NumPy values of byte order ${describeValue(order)}`, 'little-endian ones');
  }
}

function readScalar([type, bytes]: readonly unknown[]): number | bigint | boolean {
  // Python 2 has its bytes as a str
  const stored = typeof bytes === 'string' ? encodeLatin1([bytes]) : bytes;
  const read = type instanceof NumpyType ? READERS[type.code] : undefined;
  if (!(stored instanceof Uint8Array) || read === undefined || stored.length !== byteCount(type)) {
    throw new ModelFormatError(`a NumPy scalar of ${describeValue(bytes)}`, 'its type and bytes');
  }
  return read(new DataView(stored.buffer, stored.byteOffset, stored.length));
}

function byteCount(type: unknown): number | undefined {
  return type instanceof NumpyType ? Number(type.code.slice(1)) : undefined;
}

/** How Python 3 writes bytes with protocol 2: as a text of as many characters. */
function encodeLatin1([text]: readonly unknown[]): Uint8Array {
  if (typeof text !== 'string')
    throw new ModelFormatError(`bytes of ${describeValue(text)}`, 'text in latin1');
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
