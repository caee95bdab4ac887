import { CborWriter } from "../../lib/core/cbor-writer.js";
import { Priority } from "../../lib/outbox/outbox.js";
import { AckMode } from "../../lib/uplink/delivery.js";
import { DeviceState, stateStatus } from "../../lib/uplink/status-message.js";
import { UplinkHarness } from "./harness.js";

/** The examples of docs/protocol.md, by name, made by the device's own encoders. */
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
    "results, alarms of two outputs, with `previous`": alarm.messenger.published[1]!.payload,
    ack: ack.bytes.slice(0, ack.length),
  };
}
