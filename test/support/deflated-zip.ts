import {crc32, deflateRawSync} from 'node:zlib';

/** A ZIP with one deflated file in it. Format: PKWARE APPNOTE 6.3.9, sections 4.3.7, 4.3.12 and 4.3.16. */
export function deflatedZip(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const path = Buffer.from(name);
  const deflated = deflateRawSync(content);
  const entry = Buffer.alloc(26); // what the local and the central header have in common
  entry.writeUInt16LE(20, 0); // version needed
  entry.writeUInt16LE(8, 4); // deflated
  entry.writeUInt32LE(crc32(content), 10);
  entry.writeUInt32LE(deflated.length, 14);
  entry.writeUInt32LE(content.length, 18);
  entry.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([signature('PK\x03\x04'), entry, path, deflated]);
  const central = Buffer.concat([signature('PK\x01\x02\x14\x00'), entry, Buffer.alloc(14), path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4); // entries on this disk, and in all
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return new Uint8Array(Buffer.concat([local, central, signature('PK\x05\x06'), end]));
}

function signature(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
