/** A NumPy array file of int8 values, version 1.0; parts of its header may be replaced to make a bad one. */
export function writeInt8Npy(
  values: readonly number[],
  {shape = [values.length], type = '|i1', order = 'False', version = 1} = {},
): Uint8Array {
  const sizes = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${sizes}), }`.padEnd(117) + '\n';
  return Uint8Array.of(
    ...Buffer.from('\x93NUMPY', 'latin1'),
    version,
    0,
    header.length,
    0,
    ...Buffer.from(header, 'latin1'),
    ...Int8Array.from(values),
  );
}
