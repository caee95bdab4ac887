/** The life of a client. */
export const enum State {
  STOPPED,
  /** Between attempts. */
  WAITING,
  /** The transport connects. */
  OPENING,
  /** CONNECT is sent, CONNACK awaited. */
  CONNECTING,
  CONNECTED,
  /** DISCONNECT is on its way out. */
  CLOSING,
}
