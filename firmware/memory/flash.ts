import { freePages } from "sertao:build";
import { openFlashMemory } from "../../lib/app/flash-memory.js";
import type { OpenMemory } from "../../lib/app/memory.js";

/** `sertao:memory` of a board with pages of its own for settings and outbox. */
export const openMemory: OpenMemory = (platform, incarnation) =>
  openFlashMemory(platform.flash(freePages), incarnation);
