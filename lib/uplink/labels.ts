/** CBOR labels of SenML (RFC 8428 §6) and Sertão's own below -31 (docs/protocol.md). */
export const enum SenmlLabel {
  BASE_NAME = -2,
  BASE_TIME = -3,
  NAME = 0,
  VALUE = 2,
  TIME = 6,
  BASE_EPOCH_TIME = -32,
  EPOCH_TIME = -33,
  SEQUENCE_STEP = -34,
  PRIORITY = -35,
}
