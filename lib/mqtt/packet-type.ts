/** First bytes of the control packets that this client knows, with their fixed flags (MQTT 3.1.1 §2.2). */
export const enum PacketType {
  CONNECT = 0x10,
  CONNACK = 0x20,
  /** The low four bits are PublishFlag. */
  PUBLISH = 0x30,
  PUBACK = 0x40,
  SUBSCRIBE = 0x82,
  SUBACK = 0x90,
  PINGREQ = 0xc0,
  PINGRESP = 0xd0,
  DISCONNECT = 0xe0,
}

/** Flags in the first byte of PUBLISH (§3.3.1). */
export const enum PublishFlag {
  RETAIN = 1,
  QOS_SHIFT = 1,
  QOS_MASK = 6,
  DUP = 8,
}
