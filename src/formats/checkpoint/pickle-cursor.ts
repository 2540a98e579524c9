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

/** Thrown where an instruction needs bytes that are not in memory yet. */
class PieceEnd extends Error {
  readonly missingBytes: number;

  constructor(missingBytes: number) {
    super('the piece in memory ends within an instruction');
    this.missingBytes = missingBytes;
  }
}

/**
 * Reads a pickle from its file, a piece at a time; where it ends only its last opcode tells. Bytes are taken without
 * waiting, since millions of small ones are; where a piece ends within an instruction, that is begun again.
 */
export class PickleCursor {
  readonly #file: SizedRandomAccess;
  readonly #end: number;
  #piece = new Uint8Array(0);
  /** Of the piece, from the start of the file. */
  #pieceStart = 0;
  /** Within the piece, of the instruction and of the next byte. */
  #begun = 0;
  #next = 0;

  constructor(file: SizedRandomAccess) {
    this.#file = file;
    this.#end = Math.min(file.sizeBytes, PICKLE_LIMIT_BYTES);
  }

  /** Of the next byte, from the start of the file. */
  get position(): number {
    return this.#pieceStart + this.#next;
  }

  /**
   * Calls `step`, which reads and executes one instruction, until it gives true.
   * @param step takes all its bytes before it changes anything.
   * @throws ModelFormatError where the file ends before.
   */
  async steps(step: () => boolean): Promise<void> {
    for (;;) {
      try {
        do this.#begun = this.#next;
        while (!step());
        return;
      } catch (error) {
        if (!(error instanceof PieceEnd)) throw error;
        await this.#load(this.#next - this.#begun + error.missingBytes);
      }
    }
  }

  /** The next bytes, a view that is good until the next instruction. */
  take(length: number): Uint8Array {
    if (this.#next + length > this.#piece.length) throw new PieceEnd(length);
    this.#next += length;
    return this.#piece.subarray(this.#next - length, this.#next);
  }

  /** The next line, without its line feed. */
  takeLine(): Uint8Array {
    const start = this.#next;
    for (;;) {
      if (this.take(1)[0] === LINE_FEED) return this.#piece.subarray(start, this.#next - 1);
      if (this.#next - start > LINE_LIMIT_BYTES) {
        throw new ModelFormatError('a longer line in a pickle', `at most ${LINE_LIMIT_BYTES} bytes`);
      }
    }
  }

  /** Loads the instruction anew and what follows it. @param length how much of it is needed at least. */
  async #load(length: number): Promise<void> {
    const start = this.#pieceStart + this.#begun;
    const left = this.#end - start;
    if (length > left) {
      throw new ModelFormatError(
        `${left} bytes to the end of a pickle`,
        `${length} for its instruction at byte ${start}`,
      );
    }
    this.#piece = Uint8Array.from(
      await readExactly(this.#file, start, Math.min(left, Math.max(length, PIECE_BYTES)), 'a pickle'),
    );
    this.#pieceStart = start;
    this.#begun = this.#next = 0;
  }
}
