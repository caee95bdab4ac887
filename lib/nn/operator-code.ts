/** Names of the operators in a pack. Wire format: never reuse a number. Those above 63 are forms for one backend. */
export const enum OperatorCode {
  FULLY_CONNECTED = 1,
  CONV_2D = 2,
  DEPTHWISE_CONV_2D = 3,
  TABLE = 4,
  SOFTMAX = 5,
  ADD = 6,
  AVERAGE_POOL_2D = 7,
  MAX_POOL_2D = 8,
  MEAN = 9,
  MUL = 10,
  COPY = 11,
  FILL = 12,
  QUANTIZE = 13,
  DEQUANTIZE = 14,
  REQUANTIZE = 15,
}
