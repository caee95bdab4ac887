import { openRamMemory } from "../../lib/app/ram-memory.js";
import type { OpenMemory } from "../../lib/app/memory.js";

/** `sertao:memory` of a board without a region of its own: records wait in RAM. */
export const openMemory: OpenMemory = (platform, incarnation, ramRecords) =>
  openRamMemory(platform.files, incarnation, ramRecords);
