import { busesPart } from "./buses.js";
import { cryptoPart } from "./crypto.js";
import { eventsPart } from "./events.js";
import type { GuestBoard, GuestPart } from "./guest.js";
import { networkPart } from "./network.js";
import { pinsPart } from "./pins.js";
import { primitivesPart } from "./primitives.js";
import { storagePart } from "./storage.js";
import { systemPart } from "./system.js";
import { tensorflowPart } from "./tensorflow.js";
import { timersPart } from "./timers.js";

/** Parts of Espruino's API, in the order in which they are installed. */
export const guestParts: readonly GuestPart[] = [
  eventsPart,
  systemPart,
  timersPart,
  primitivesPart,
  storagePart,
  networkPart,
  cryptoPart,
  busesPart,
  pinsPart,
  tensorflowPart,
];

/** Script whose value is a function: given the host's calls, it installs the API and returns the entries by name. */
export function guestProgram(board: GuestBoard): string {
  const parts = guestParts.map((part) => `(${part.toString()})(root, host, kit, board);`).join("\n");
  return `(function (root, host) {\nconst kit = {};\nconst board = ${JSON.stringify(board)};\n${parts}\nreturn kit.entries;\n})`;
}
