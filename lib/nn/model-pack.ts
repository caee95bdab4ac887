import { asciiText } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import { PackFormat, PackHeader } from "./pack-format.js";
import { viewOf } from "./view.js";

/** A `.smod` file whose header, version and CRCs have been checked. Constants are used in place, never copied. */
export class ModelPack {
  /** CRC-32 that names this model on the wire. */
  readonly modelId: number;
  /** The version its author gave it. */
  readonly modelVersion: number;
  readonly inputScale: number;
  readonly inputZeroPoint: number;
  readonly outputScale: number;
  readonly outputZeroPoint: number;
  readonly totalBytes: number;
  private readonly _header: Int32Array;

  constructor(
    /** The file, whole or in pieces of 65,536 bytes. */
    readonly pieces: readonly ArrayBuffer[],
  ) {
    const first = pieces[0]!;
    if (first.byteLength < PackFormat.FIXED_HEADER_BYTES) refuse(ErrorCode.PACK_TRUNCATED, first.byteLength);
    this._header = new Int32Array(first, 0, PackFormat.FIXED_HEADER_BYTES / 4);
    if (this.field(PackHeader.MAGIC) !== PackFormat.MAGIC) refuse(ErrorCode.PACK_NOT_A_PACK, 0);
    const version = this.field(PackHeader.VERSION) & 65535;
    if (version !== PackFormat.MAJOR) refuse(ErrorCode.PACK_VERSION, version);
    const total = (this.totalBytes = this.field(PackHeader.TOTAL_BYTES));
    const count = this.field(PackHeader.SEGMENT_COUNT);
    const headerBytes = PackFormat.FIXED_HEADER_BYTES + 4 * count;
    const last = pieces.length - 1;
    const available = last * PackFormat.SEGMENT_BYTES + pieces[last]!.byteLength;
    if (available < total) refuse(ErrorCode.PACK_TRUNCATED, available);
    if (count !== Math.ceil(total / PackFormat.SEGMENT_BYTES) || headerBytes > Math.min(total, first.byteLength)) {
      refuse(ErrorCode.PACK_STRUCTURE, count);
    }
    this.modelId = this.field(PackHeader.CRC);
    let start: number = PackHeader.VERSION;
    let end = headerBytes;
    let expected = this.modelId;
    const sums = new Int32Array(first, PackFormat.FIXED_HEADER_BYTES, count);
    for (let i = 0; ; i++) {
      if (crc32(this.bytes(start, end - start)) !== expected) refuse(ErrorCode.PACK_CRC, i);
      if (i === count) break;
      start = i ? end : headerBytes;
      end = Math.min(total, (i + 1) * PackFormat.SEGMENT_BYTES);
      expected = sums[i]! >>> 0;
    }
    this.modelVersion = this.field(PackHeader.MODEL_VERSION);
    const scales = new Float64Array(first, PackHeader.INPUT_SCALE, 2);
    this.inputScale = scales[0]!;
    this.outputScale = scales[1]!;
    this.inputZeroPoint = this.field(PackHeader.INPUT_ZERO_POINT) | 0;
    this.outputZeroPoint = this.field(PackHeader.OUTPUT_ZERO_POINT) | 0;
  }

  /** A header field, an unsigned 32-bit number. */
  field(at: PackHeader): number {
    return this._header[at / 4]! >>> 0;
  }

  /** `count` bytes from position `at` on. */
  bytes(at: number, count: number): Uint8Array {
    return viewOf(this.pieces, Uint8Array, 1, at, count);
  }

  /** Name of output `index`, or "" where the pack has none for it. */
  label(index: number): string {
    let at = this.field(PackHeader.LABELS);
    for (let i = 0; i < this.field(PackHeader.LABEL_COUNT); i++) {
      const length = this.bytes(at, 1)[0]!;
      if (i === index) return length ? asciiText(this.bytes(at + 1, length), 0, length) : "";
      at += 1 + length;
    }
    return "";
  }
}

function refuse(code: ErrorCode, detail: number): never {
  throw new DeviceError(code, detail);
}

/**
 * Checks a model pack and gives access to it. The buffers stay in use: they must not change afterwards.
 * @param data the whole file, or its pieces of 65,536 bytes in order, where an engine cannot reach further into one buffer
 * @throws DeviceError PACK_TRUNCATED, PACK_NOT_A_PACK, PACK_VERSION, PACK_CRC or PACK_STRUCTURE
 */
export function openModelPack(data: ArrayBuffer | ArrayBuffer[]): ModelPack {
  return new ModelPack(data instanceof ArrayBuffer ? [data] : data);
}
