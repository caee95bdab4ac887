/** Constants of the `.smod` model pack, described in docs/model-pack.md. All numbers are little-endian. */
export const enum PackFormat {
  /** The bytes "SMOD". */
  MAGIC = 0x444f4d53,
  /** A reader refuses a pack with another major version. */
  MAJOR = 1,
  /** A greater minor version adds fields that an older reader may ignore. */
  MINOR = 0,
  /**
   * No constant crosses a multiple of this many bytes, so that a pack may be handed over in pieces of this size:
   * Espruino cannot place a view further than 65,535 bytes into a buffer.
   */
  SEGMENT_BYTES = 65536,
  /** Bytes before the table of segment CRCs. */
  FIXED_HEADER_BYTES = 112,
}

/** Byte offsets of the header's fields. */
export const enum PackHeader {
  MAGIC = 0,
  /** CRC-32 of the header from VERSION to the end of the segment table: the model id. */
  CRC = 4,
  VERSION = 8,
  TOTAL_BYTES = 12,
  MODEL_VERSION = 16,
  ARENA_BYTES = 20,
  SCRATCH_BYTES = 24,
  /** Position of the operator list, in bytes. */
  OPERATORS = 28,
  /** Length of the operator list, in 32-bit words. */
  OPERATOR_WORDS = 32,
  OPERATOR_COUNT = 36,
  INPUT = 40,
  INPUT_BYTES = 44,
  OUTPUT = 48,
  OUTPUT_BYTES = 52,
  /** Element types: input, output, rounding, target, one byte each. */
  TYPES = 56,
  INPUT_ZERO_POINT = 60,
  OUTPUT_ZERO_POINT = 64,
  GOLDENS = 68,
  INPUT_SCALE = 72,
  OUTPUT_SCALE = 80,
  GOLDEN_COUNT = 88,
  LABELS = 92,
  LABEL_COUNT = 96,
  FEATURES = 100,
  FEATURE_BYTES = 104,
  SEGMENT_COUNT = 108,
}

/** Element type of a model's input or output. */
export const enum ElementType {
  INT8 = 0,
  FLOAT32 = 1,
  INT16 = 2,
}
