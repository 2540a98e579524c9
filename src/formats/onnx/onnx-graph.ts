/** Element types that occur in the ONNX files written here. `float64` serves arithmetic that must be exact. */
export type OnnxElementType = 'float32' | 'float64' | 'uint8' | 'int8' | 'int32' | 'int64';

/** One attribute of a node; which key is present is its type. A graph is what a loop runs: it sees names around it. */
export type OnnxAttribute =
  | {readonly int: number}
  | {readonly float: number}
  | {readonly ints: readonly number[]}
  | {readonly graph: OnnxGraph};

/** One operator call. An empty input name leaves an optional input out. */
export interface OnnxNode {
  readonly op: string;
  readonly domain: '' | 'com.microsoft'; // '' is the ONNX standard's own
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** What is known of an input or output. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxElementType;
  readonly shape: readonly number[];
}

/** Where the elements of a constant lie, in a file beside the network's own. */
export interface ExternalData {
  /** Path of that file, seen from the network's own. */
  readonly location: string;
  readonly offset: number; // bytes
  readonly length: number; // bytes
}

/** A constant: `bytes` are its elements, row-major, little-endian. */
export interface OnnxConstant extends OnnxValue {
  readonly bytes: Uint8Array;
}

/** A constant whose elements, in the same form, lie in another file. */
export interface ExternalConstant extends OnnxValue {
  readonly external: ExternalData;
}

/** A constant whose place is known. */
export type PlacedConstant = OnnxConstant | ExternalConstant;

/**
 * Constants whose elements are elsewhere until the network is written: all that is made of one tensor of a checkpoint,
 * so that it is read once.
 */
export interface DeferredConstants {
  readonly constants: readonly OnnxValue[];
  /** The elements of each, row-major, little-endian; whoever writes asks once, and keeps none of them. */
  readonly load: () => Promise<readonly Uint8Array[]>;
}

/** A network as ONNX states it, ready for `encodeOnnx`. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants: readonly PlacedConstant[];
  readonly nodes: readonly OnnxNode[];
}

/** A network as ONNX states it, some of whose constants are still elsewhere. */
export interface DeferredOnnxGraph extends OnnxGraph {
  readonly constants: readonly OnnxConstant[];
  readonly deferred: readonly DeferredConstants[];
}
