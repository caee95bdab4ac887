import { CborWriter } from "../../lib/core/cbor-writer.js";
import { Priority } from "../../lib/outbox/outbox.js";
import { AckMode } from "../../lib/uplink/delivery.js";
import { DeviceState, stateStatus } from "../../lib/uplink/status-message.js";
import { encodeTime } from "../../scripts/fleet/messages/time.js";
import { UplinkHarness } from "./harness.js";

/** The examples of docs/protocol.md, by name, made by the encoders of the device and of the collector. */
export function protocolExamples(): Record<string, Uint8Array> {
  const online = new UplinkHarness();
  online.clock.advance(120_000);
  online.report(0);
  online.clock.advance(600_000);
  online.report(64);
  online.clock.advance(5_000);
  online.connect();
  const alarm = new UplinkHarness({ ackMode: AckMode.COLLECTOR, outputs: ["frost", "wind"] });
  alarm.report(112, Priority.ALARM, 0);
  alarm.report(-28, Priority.ALARM, 1);
  alarm.connect();
  const ack = new CborWriter(new Uint8Array(32));
  ack.array(4);
  for (const value of [1, 7, 41, 12]) ack.number(value);
  return {
    "status, offline (the will)": stateStatus(DeviceState.OFFLINE),
    "status, online": online.messenger.published[0]!.payload,
    "results, two records of one output": online.messenger.published[1]!.payload,
    "results, alarms of two outputs": alarm.messenger.published[1]!.payload,
    ack: ack.bytes.slice(0, ack.length),
    "time, under the key of the bytes 0 to 31": encodeTime(
      Uint8Array.from({ length: 32 }, (_, i) => i),
      Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      Date.UTC(2026, 2, 1, 12, 0, 0, 250),
    ),
  };
}
