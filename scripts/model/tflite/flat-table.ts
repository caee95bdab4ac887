import { ByteBuffer } from "flatbuffers";
import { tfliteCorrupt } from "../../errors/model.js";

/** Elements that may be copied out of a file, per byte of it: a small file cannot ask for much memory. */
const ELEMENTS_PER_BYTE = 4;

interface Source {
  readonly buffer: ByteBuffer;
  readonly size: number;
  elementsLeft: number;
}

/**
 * A table of a FlatBuffers file, read by slot number. Every position is checked against the file before it is used;
 * the runtime's own readers return garbage there. Source of the layout: flatbuffers.dev, "Internals".
 */
export class FlatTable {
  readonly #source: Source;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;

  private constructor(source: Source, at: number) {
    this.#source = source;
    this.#at = at;
    this.#check(at, 4);
    this.#vtable = at - source.buffer.readInt32(at);
    this.#check(this.#vtable, 4);
    this.#vtableBytes = source.buffer.readUint16(this.#vtable);
    this.#check(this.#vtable, this.#vtableBytes);
  }

  /** The root table of a file. */
  static root(bytes: Uint8Array): FlatTable {
    const buffer = new ByteBuffer(bytes);
    const source = { buffer, size: bytes.length, elementsLeft: bytes.length * ELEMENTS_PER_BYTE };
    if (bytes.length < 8) throw tfliteCorrupt("it is too short");
    return new FlatTable(source, buffer.readUint32(0));
  }

  int8(slot: number, standard: number): number {
    const at = this.#field(slot, 1);
    return at ? this.#source.buffer.readInt8(at) : standard;
  }

  uint8(slot: number, standard: number): number {
    return this.int8(slot, standard) & 255;
  }

  bool(slot: number): boolean {
    return this.int8(slot, 0) !== 0;
  }

  int32(slot: number, standard: number): number {
    const at = this.#field(slot, 4);
    return at ? this.#source.buffer.readInt32(at) : standard;
  }

  float32(slot: number, standard: number): number {
    const at = this.#field(slot, 4);
    return at ? this.#source.buffer.readFloat32(at) : standard;
  }

  text(slot: number): string {
    const bytes = this.bytes(slot);
    return bytes === undefined ? "" : new TextDecoder().decode(bytes.subarray(0, 256));
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#field(slot, 4);
    return at ? new FlatTable(this.#source, at + this.#source.buffer.readUint32(at)) : undefined;
  }

  tables(slot: number): FlatTable[] {
    return this.#vector(slot, 4, (at) => new FlatTable(this.#source, at + this.#source.buffer.readUint32(at)));
  }

  int32s(slot: number): number[] {
    return this.#vector(slot, 4, (at) => this.#source.buffer.readInt32(at));
  }

  float32s(slot: number): number[] {
    return this.#vector(slot, 4, (at) => this.#source.buffer.readFloat32(at));
  }

  int64s(slot: number): number[] {
    return this.#vector(slot, 8, (at) => Number(this.#source.buffer.readInt64(at)));
  }

  /** A vector of bytes, in place. */
  bytes(slot: number): Uint8Array | undefined {
    const [start, count] = this.#span(slot, 1);
    return start ? this.#source.buffer.bytes().subarray(start, start + count) : undefined;
  }

  #vector<Element>(slot: number, elementBytes: number, read: (at: number) => Element): Element[] {
    const [start, count] = this.#span(slot, elementBytes);
    this.#source.elementsLeft -= count;
    if (this.#source.elementsLeft < 0) throw tfliteCorrupt("its vectors overlap");
    return Array.from({ length: count }, (_, i) => read(start + i * elementBytes));
  }

  #span(slot: number, elementBytes: number): [start: number, count: number] {
    const field = this.#field(slot, 4);
    if (!field) return [0, 0];
    const at = field + this.#source.buffer.readUint32(field);
    this.#check(at, 4);
    const count = this.#source.buffer.readUint32(at);
    this.#check(at + 4, count * elementBytes);
    return [at + 4, count];
  }

  /** Position of a field, or 0 where the table does not have it. */
  #field(slot: number, bytes: number): number {
    const entry = 4 + slot * 2;
    if (entry + 2 > this.#vtableBytes) return 0;
    const offset = this.#source.buffer.readUint16(this.#vtable + entry);
    if (offset) this.#check(this.#at + offset, bytes);
    return offset && this.#at + offset;
  }

  #check(at: number, bytes: number): void {
    if (!(at >= 0 && at + bytes <= this.#source.size)) throw tfliteCorrupt(`something is said to be at byte ${at}`);
  }
}
