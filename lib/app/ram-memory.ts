import type { FileStore } from "../hal/file-store.js";
import { CrashSettings } from "../settings/crash-settings.js";
import { OverflowPolicy } from "../outbox/outbox.js";
import { RamOutbox } from "../outbox/ram-outbox.js";
import { MAX_RECORD_BYTES } from "../uplink/results-message.js";
import { countBoot } from "./boot-counter.js";
import { bootIncarnation } from "./identity.js";
import type { DeviceMemory } from "./memory.js";

/** A record in RAM: payload and frame. */
const RAM_RECORD_BYTES = 24;

/** An outbox that each reset empties; a count of boots and what a crash leaves in files. */
export function openRamMemory(files: FileStore, incarnation: number, records: number): DeviceMemory {
  const boots = countBoot(files);
  const bytes = records * RAM_RECORD_BYTES;
  const outbox = new RamOutbox({
    incarnation: bootIncarnation(incarnation, boots),
    normalBytes: bytes,
    alarmBytes: bytes >> 2,
    normalPolicy: OverflowPolicy.DROP_OLDEST,
    alarmPolicy: OverflowPolicy.DROP_OLDEST,
    maxRecordBytes: MAX_RECORD_BYTES,
  });
  return { boots, outbox, settings: new CrashSettings(files) };
}
