import { OverflowPolicy } from "../../lib/outbox/outbox.js";
import { RamOutbox } from "../../lib/outbox/ram-outbox.js";

/** A RAM outbox of a given size, dropping the oldest. */
export function ramOutbox(bytes = 8192, incarnation = 7): RamOutbox {
  return new RamOutbox({
    incarnation,
    normalBytes: bytes,
    alarmBytes: bytes,
    normalPolicy: OverflowPolicy.DROP_OLDEST,
    alarmPolicy: OverflowPolicy.DROP_OLDEST,
    maxRecordBytes: 40,
  });
}
