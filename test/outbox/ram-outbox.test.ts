import { describe, expect, it } from "vitest";
import { OverflowPolicy, Priority } from "../../lib/outbox/outbox.js";
import { RamOutbox } from "../../lib/outbox/ram-outbox.js";
import { outboxContract, recordOf } from "../contract/outbox.js";

function make(normalPolicy: OverflowPolicy, alarmPolicy: OverflowPolicy, normalBytes = 2100): RamOutbox {
  return new RamOutbox({
    incarnation: 77,
    normalBytes,
    alarmBytes: 500,
    normalPolicy,
    alarmPolicy,
    maxRecordBytes: 120,
  });
}

describe("RamOutbox", () => {
  outboxContract(({ normal, alarm }) => make(normal, alarm));

  it("says what it loses", () => {
    const outbox = make(OverflowPolicy.DROP_OLDEST, OverflowPolicy.DROP_OLDEST);
    expect(outbox.volatile).toBe(true);
    expect(outbox.incarnation).toBe(77);
  });

  it("uses every byte of its ring", () => {
    const outbox = make(OverflowPolicy.REJECT_NEW, OverflowPolicy.REJECT_NEW, 21 * 10);
    for (let i = 1; i <= 10; i++) expect(outbox.append(Priority.NORMAL, recordOf(i), 16)).toBe(i);
    expect(outbox.append(Priority.NORMAL, recordOf(11), 16)).toBeLessThan(0);
  });
});
