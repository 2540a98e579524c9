import protobuf from 'protobufjs/minimal.js';
import {ANY_LENGTH} from '../../graph/shape.ts';
import {attributeTypeNumber, elementTypeNumber, EXTERNAL_DATA_LOCATION, field} from './onnx-fields.ts';
import type {
  ExternalData,
  OnnxAttribute,
  OnnxGraph,
  OnnxNode,
  OnnxValue,
  PlacedConstant,
} from './onnx-graph.ts';

type Writer = protobuf.Writer;
type WriteMessage = (writer: Writer) => void;

const IR_VERSION = 8; // the format of ONNX 1.10 to 1.13, which knows operator set 17
const OPERATOR_SET_VERSION = 17; // the last in which the axes of ReduceMean are an attribute
const MICROSOFT_OPERATOR_SET_VERSION = 1;

// the low three bits of a protocol buffer tag
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Encodes a network as the bytes of an ONNX file (a `ModelProto`). Any thread. */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const writer = protobuf.Writer.create();
  writeInt(writer, field.model.irVersion, IR_VERSION);
  writeString(writer, field.model.producerName, 'earshot');
  writeMessage(writer, field.model.graph, (inner) => writeGraph(inner, graph));
  writeOperatorSet(writer, '', OPERATOR_SET_VERSION);
  writeOperatorSet(writer, 'com.microsoft', MICROSOFT_OPERATOR_SET_VERSION);
  return writer.finish();
}

function writeOperatorSet(writer: Writer, domain: string, version: number): void {
  writeMessage(writer, field.model.operatorSet, (inner) => {
    writeString(inner, field.operatorSet.domain, domain);
    writeInt(inner, field.operatorSet.version, version);
  });
}

function writeGraph(writer: Writer, graph: OnnxGraph): void {
  for (const node of graph.nodes) writeMessage(writer, field.graph.node, (inner) => writeNode(inner, node));
  writeString(writer, field.graph.name, graph.name);
  for (const constant of graph.constants) {
    writeMessage(writer, field.graph.constant, (inner) => writeConstant(inner, constant));
  }
  for (const input of graph.inputs)
    writeMessage(writer, field.graph.input, (inner) => writeValue(inner, input));
  for (const output of graph.outputs) {
    writeMessage(writer, field.graph.output, (inner) => writeValue(inner, output));
  }
}

function writeNode(writer: Writer, node: OnnxNode): void {
  for (const input of node.inputs) writeString(writer, field.node.input, input);
  for (const output of node.outputs) writeString(writer, field.node.output, output);
  writeString(writer, field.node.name, node.outputs[0] ?? node.op); // appears in the runtime's messages
  writeString(writer, field.node.op, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writeMessage(writer, field.node.attribute, (inner) => writeAttribute(inner, name, attribute));
  }
  writeString(writer, field.node.domain, node.domain);
}

function writeAttribute(writer: Writer, name: string, attribute: OnnxAttribute): void {
  writeString(writer, field.attribute.name, name);
  if ('float' in attribute) {
    writer.uint32(tag(field.attribute.float, FIXED32)).float(attribute.float);
    writeInt(writer, field.attribute.type, attributeTypeNumber.float);
  } else if ('int' in attribute) {
    writeInt(writer, field.attribute.int, attribute.int);
    writeInt(writer, field.attribute.type, attributeTypeNumber.int);
  } else if ('graph' in attribute) {
    writeMessage(writer, field.attribute.graph, (inner) => writeGraph(inner, attribute.graph));
    writeInt(writer, field.attribute.type, attributeTypeNumber.graph);
  } else {
    for (const value of attribute.ints) writeInt(writer, field.attribute.ints, value);
    writeInt(writer, field.attribute.type, attributeTypeNumber.ints);
  }
}

function writeConstant(writer: Writer, constant: PlacedConstant): void {
  const {name, type, shape} = constant;
  for (const length of shape) writeInt(writer, field.tensor.dimension, length);
  writeInt(writer, field.tensor.elementType, elementTypeNumber[type]);
  writeString(writer, field.tensor.name, name);
  if ('external' in constant) writeExternalData(writer, constant.external);
  else writer.uint32(tag(field.tensor.bytes, LENGTH_DELIMITED)).bytes(constant.bytes);
}

function writeExternalData(writer: Writer, data: ExternalData): void {
  for (const [key, value] of Object.entries(data)) {
    writeMessage(writer, field.tensor.externalData, (entry) => {
      writeString(entry, field.stringEntry.key, key); // "location", "offset" or "length"
      writeString(entry, field.stringEntry.value, String(value));
    });
  }
  writeInt(writer, field.tensor.dataLocation, EXTERNAL_DATA_LOCATION);
}

function writeValue(writer: Writer, {name, type, shape}: OnnxValue): void {
  writeString(writer, field.valueInfo.name, name);
  writeMessage(writer, field.valueInfo.type, (typeWriter) => {
    writeMessage(typeWriter, field.type.tensor, (tensorWriter) => {
      writeInt(tensorWriter, field.tensorType.elementType, elementTypeNumber[type]);
      writeMessage(tensorWriter, field.tensorType.shape, (shapeWriter) =>
        writeShape(shapeWriter, name, shape),
      );
    });
  });
}

// sizes of any length have names, each its own: onnxruntime takes those of one name to be the same
function writeShape(writer: Writer, name: string, shape: readonly number[]): void {
  shape.forEach((length, dimension) => {
    writeMessage(writer, field.shape.dimension, (inner) => {
      if (length !== ANY_LENGTH) writeInt(inner, field.dimension.value, length);
      else writeString(inner, field.dimension.parameter, `${name}/${dimension}`);
    });
  });
}

function tag(fieldNumber: number, wireType: number): number {
  return fieldNumber * 8 + wireType;
}

function writeInt(writer: Writer, fieldNumber: number, value: number): void {
  writer.uint32(tag(fieldNumber, VARINT)).int64(value);
}

function writeString(writer: Writer, fieldNumber: number, value: string): void {
  writer.uint32(tag(fieldNumber, LENGTH_DELIMITED)).string(value);
}

function writeMessage(writer: Writer, fieldNumber: number, write: WriteMessage): void {
  writer.uint32(tag(fieldNumber, LENGTH_DELIMITED)).fork();
  write(writer);
  writer.ldelim();
}
