import { Encoder } from "cbor-x";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

/** A results message of `count` records from `first` on, as a device would send it. */
export function resultsPayload(first: number, count = 1, value = 1.5): Buffer {
  const head = new Map<number, unknown>([
    [-2, "app/risk"],
    [-24, 90],
    [2, value],
  ]);
  const rest = Array.from({ length: count - 1 }, () => new Map([[2, value]]));
  return encoder.encode([1, 7, first, 1, 5, 6, 100, [head, ...rest]]);
}

/** `status` with incarnation 7. */
export function statusPayload(state: number, evictedNormal = 0): Buffer {
  return encoder.encode(
    new Map<number, unknown>([
      [0, 1],
      [1, state],
      [2, 7],
      [8, [evictedNormal, 0]],
    ]),
  );
}

/** `status` of a board that runs the orchard's application. */
export function statusOfBoard(board: string): Buffer {
  return encoder.encode(
    new Map<number, unknown>([
      [0, 1],
      [1, 1],
      [5, "orchard-frost 0.1.0"],
      [6, "0.1.0"],
      [13, board],
    ]),
  );
}

/** `status` of incarnation 7 with a nonce for `time`, or without. */
export function statusWithNonce(nonce: Uint8Array | undefined): Buffer {
  const keys = new Map<number, unknown>([
    [0, 1],
    [1, 1],
    [2, 7],
  ]);
  if (nonce !== undefined) keys.set(16, Buffer.from(nonce));
  return encoder.encode(keys);
}

/** Connects a device to a loopback port, with the will of docs/protocol.md. Rejects where the broker refuses. */
export function connectDevice(port: number, device: string, more: IClientOptions = {}): Promise<MqttClient> {
  return mqtt.connectAsync(
    `mqtt://127.0.0.1:${port}`,
    {
      clientId: device,
      clean: false,
      reconnectPeriod: 0,
      will: { topic: `sertao/v1/${device}/status`, payload: Buffer.from([0xa2, 0, 1, 1, 0]), qos: 1, retain: true },
      ...more,
    },
    false,
  );
}

/** Resolves when the broker closes the connection. */
export function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once("close", () => resolve()));
}
