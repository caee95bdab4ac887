import { ENVELOPE_FILE, PART_FILE } from "../../lib/update/agent.js";
import { MAX_ENVELOPE_BYTES } from "../../lib/update/offer.js";
import type { Board } from "../../boards/index.js";
import { PIECE_BYTES, UpdateKind } from "../../lib/update/manifest.js";
import { slotFile } from "../../lib/update/slots.js";

/** A slot's size in its board's storage. */
export interface SlotSize {
  readonly name: string;
  readonly bytes: number;
}

/** Models grow: theirs have room for twice what they are now, and for at least so much. */
const LEAST_MODEL_BYTES = 65536;
/** So that a model that grows a little leaves the slots where they are. */
const MODEL_STEP_BYTES = 16384;

/**
 * The slots of a board, two of each kind, one for envelopes and one for what is not whole, in the order in which they lie in its storage.
 * @param bundleBytes of the application, which may be beyond its budget where nobody checks it
 * @param packBytes of the model; undefined where there is none, and then it has no slots
 */
export function slotSizes({ budgets, storage }: Board, bundleBytes: number, packBytes: number | undefined): SlotSize[] {
  const pages = (bytes: number): number => Math.ceil(bytes / storage.pageBytes) * storage.pageBytes;
  const wanted = Math.ceil((2 * (packBytes ?? 0)) / MODEL_STEP_BYTES) * MODEL_STEP_BYTES;
  const modelBytes = pages(Math.max(LEAST_MODEL_BYTES, packBytes ?? 0, Math.min(wanted, budgets.packBytes)));
  const sizes: [UpdateKind, number][] = [
    [UpdateKind.APPLICATION, pages(Math.max(budgets.bundleBytes, bundleBytes))],
    ...(packBytes === undefined ? [] : [[UpdateKind.MODEL, modelBytes] satisfies [UpdateKind, number]]),
    [UpdateKind.CONFIG, storage.pageBytes],
  ];
  return [
    ...sizes.flatMap(([kind, bytes]) => [0, 1].map((slot) => ({ name: slotFile(kind, slot), bytes }))),
    { name: ENVELOPE_FILE, bytes: pages(MAX_ENVELOPE_BYTES) },
    { name: PART_FILE, bytes: pages(PIECE_BYTES) },
  ];
}
