import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {SizedRandomAccess} from '../random-access.ts';
import {readExactly} from './file-bytes.ts';

/** Bytes asked of the file at once. */
const PIECE_BYTES = 2 ** 16;
/** The names and shapes of a hundred thousand tensors fit. */
const PICKLE_LIMIT_BYTES = 2 ** 24;
/** Module or class, one line of a GLOBAL. */
const LINE_LIMIT_BYTES = 256;
const LINE_FEED = 0x0a;

/** Reads a pickle from its file, a piece at a time; where it ends only its last opcode tells. */
export class PickleCursor {
  readonly #file: SizedRandomAccess;
  readonly #end: number;
  #piece = new Uint8Array(0);
  #pieceStart: number;
  #position: number;

  constructor(file: SizedRandomAccess, position = 0) {
    this.#file = file;
    this.#position = position;
    this.#pieceStart = position;
    this.#end = Math.min(file.sizeBytes, position + PICKLE_LIMIT_BYTES);
  }

  /** Of the next byte, from the start of the file. */
  get position(): number {
    return this.#position;
  }

  /** The next bytes, a view that is good until the next call. @throws ModelFormatError where there are fewer. */
  async take(length: number): Promise<Uint8Array> {
    if (this.#position + length > this.#pieceStart + this.#piece.length) await this.#load(length);
    const start = this.#position - this.#pieceStart;
    this.#position += length;
    return this.#piece.subarray(start, start + length);
  }

  /** The next line, without its line feed. */
  async takeLine(): Promise<Uint8Array> {
    const line: number[] = [];
    for (;;) {
      const [byte = LINE_FEED] = await this.take(1);
      if (byte === LINE_FEED) return Uint8Array.from(line);
      line.push(byte);
      if (line.length > LINE_LIMIT_BYTES) {
        throw new ModelFormatError('a longer line in a pickle', `at most ${LINE_LIMIT_BYTES} bytes`);
      }
    }
  }

  async #load(length: number): Promise<void> {
    const left = this.#end - this.#position;
    if (length > left) {
      throw new ModelFormatError(
        `${left} bytes to the end of a pickle`,
        `${length} more at byte ${this.#position}`,
      );
    }
    this.#piece = Uint8Array.from(
      await readExactly(
        this.#file,
        this.#position,
        Math.min(left, Math.max(length, PIECE_BYTES)),
        'a pickle',
      ),
    );
    this.#pieceStart = this.#position;
  }
}
