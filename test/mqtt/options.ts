import type { MqttOptions } from "../../lib/mqtt/options.js";

/** What a test does not say. */
export const OPTIONS: MqttOptions = {
  host: "broker",
  port: 1883,
  clientId: "dev1",
  username: "dev1",
  password: "",
  will: { topic: "s/will", payload: Uint8Array.of(1, 0, 255) },
  keepAliveSec: 120,
  maxPacketBytes: 1100,
  maxReceiveBytes: 1100,
  maxInFlight: 4,
  timeoutMs: 30_000,
  retry: { minMs: 5000, maxMs: 600_000 },
  jitterSeed: 7,
};
