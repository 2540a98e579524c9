import {ModelFormatError} from '../../graph/model-format-error.ts';
import {FlatBuffer} from './flat-buffer.ts';
import {type FlatTable, rootTable} from './flat-table.ts';
import {
  FILE_IDENTIFIER,
  MODEL,
  OPERATOR_CODE,
  OPERATOR_NAMES,
  PLACEHOLDER_FOR_GREATER_OP_CODES,
  SCHEMA_VERSION,
  SUBGRAPH,
} from './schema.ts';

/** The parts of an opened TFLite file; tables are checked when they are read. */
export interface ModelFile {
  readonly file: FlatBuffer;
  /** What each operator code stands for: `CONV_2D`, `CUSTOM name`, or its number where it has no name. */
  readonly operatorNames: readonly string[];
  readonly buffers: readonly FlatTable[];
  readonly tensors: readonly FlatTable[];
  readonly operators: readonly FlatTable[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly name: string;
}

/**
 * Opens a TFLite file without looking at its tensors and operators yet.
 * @throws ModelFormatError for another kind of file, another schema version, or more than one subgraph.
 */
export function openModelFile(bytes: Uint8Array): ModelFile {
  const file = new FlatBuffer(bytes);
  const model = rootTable(file, FILE_IDENTIFIER);
  const version = model.uint32(MODEL.version);
  if (version !== SCHEMA_VERSION) {
    throw new ModelFormatError(`schema version ${version}`, `${SCHEMA_VERSION}`);
  }
  const subgraphs = model.tables(MODEL.subgraphs);
  const [subgraph] = subgraphs;
  if (subgraph === undefined || subgraphs.length > 1) {
    throw new ModelFormatError(`${subgraphs.length} subgraphs`, 'one, without control flow');
  }
  return {
    file,
    operatorNames: model.tables(MODEL.operatorCodes).map(operatorName),
    buffers: model.tables(MODEL.buffers),
    tensors: subgraph.tables(SUBGRAPH.tensors),
    operators: subgraph.tables(SUBGRAPH.operators),
    inputs: subgraph.int32s(SUBGRAPH.inputs),
    outputs: subgraph.int32s(SUBGRAPH.outputs),
    name: subgraph.string(SUBGRAPH.name) || model.string(MODEL.description),
  };
}

/**
 * The old field holds one byte; the wider one was added later and is 0 in older files, so the larger counts
 * (schema_utils.cc, GetBuiltinCode).
 */
function operatorName(code: FlatTable): string {
  const deprecated = code.uint8(OPERATOR_CODE.deprecatedBuiltinCode);
  const extended = code.int32(OPERATOR_CODE.builtinCode);
  const number = deprecated < PLACEHOLDER_FOR_GREATER_OP_CODES ? Math.max(deprecated, extended) : extended;
  const name = OPERATOR_NAMES[number] ?? `${number}`;
  return name === 'CUSTOM' ? `CUSTOM ${JSON.stringify(code.string(OPERATOR_CODE.customCode))}` : name;
}
