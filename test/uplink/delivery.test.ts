import { expect, test } from "vitest";
import { Priority } from "../../lib/outbox/outbox.js";
import type { RamOutbox } from "../../lib/outbox/ram-outbox.js";
import { AckMode, Delivery } from "../../lib/uplink/delivery.js";
import { ramOutbox } from "../support/ram-outbox.js";

function filled(records: number): RamOutbox {
  const outbox = ramOutbox();
  for (let i = 0; i < records; i++) outbox.append(Priority.NORMAL, new Uint8Array([i]), 1);
  return outbox;
}

test("a later batch's PUBACK does not acknowledge an earlier batch", () => {
  const outbox = filled(6);
  const delivery = new Delivery(Priority.NORMAL, outbox, AckMode.PUBACK);
  delivery.sent(11, 3, 3);
  delivery.sent(12, 6, 3);
  delivery.published(12, 0);
  expect(outbox.waiting(Priority.NORMAL)).toBe(6);
  delivery.published(11, 0);
  expect(outbox.waiting(Priority.NORMAL)).toBe(0);
});

test("with ack: collector a PUBACK alone acknowledges nothing", () => {
  const outbox = filled(3);
  const delivery = new Delivery(Priority.NORMAL, outbox, AckMode.COLLECTOR);
  delivery.sent(1, 3, 3);
  delivery.published(1, 0);
  expect(outbox.waiting(Priority.NORMAL)).toBe(3);
  delivery.confirmed(2, 5);
  expect(outbox.waiting(Priority.NORMAL)).toBe(1);
  delivery.confirmed(3, 6);
  expect(outbox.waiting(Priority.NORMAL)).toBe(0);
  delivery.checkSilence(1e9, 60_000);
  expect(delivery.nextSequence).toBe(4);
});

test("a collector that stays silent is sent everything again", () => {
  const delivery = new Delivery(Priority.NORMAL, filled(3), AckMode.COLLECTOR);
  delivery.sent(1, 3, 3);
  delivery.published(1, 1000);
  delivery.checkSilence(60_999, 60_000);
  expect(delivery.nextSequence).toBe(4);
  delivery.checkSilence(61_000, 60_000);
  expect([delivery.nextSequence, delivery.unsent]).toEqual([0, 3]);
});

test("a confirmation above what was sent changes nothing", () => {
  const outbox = filled(3);
  const delivery = new Delivery(Priority.NORMAL, outbox, AckMode.COLLECTOR);
  delivery.sent(1, 2, 2);
  delivery.confirmed(3, 0);
  expect(outbox.waiting(Priority.NORMAL)).toBe(3);
});
