/** CBOR labels of SenML (RFC 8428 §6) and Sertão's own at -21 to -24, one byte each (docs/protocol.md). */
export const enum SenmlLabel {
  BASE_NAME = -2,
  BASE_TIME = -3,
  NAME = 0,
  VALUE = 2,
  TIME = 6,
  BASE_EPOCH_TIME = -24,
  EPOCH_TIME = -23,
  SEQUENCE_STEP = -22,
  PRIORITY = -21,
}
