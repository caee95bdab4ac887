import type { Prepared, Row } from "./prepared.js";
import type { DeviceRow } from "./store.js";

/** Reads every device, in the order of their ids. */
export function readDevices(sql: Prepared): DeviceRow[] {
  return sql.all("devices").map(toDevice);
}

function toDevice(row: Row): DeviceRow {
  const count = (column: string): number => Number(row[column]);
  const optional = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  const label = (column: string): string | null => (row[column] === null ? null : String(row[column]));
  const updateSequence = optional("update_sequence");
  return {
    device: String(row["device"]),
    firstSeen: count("first_seen"),
    lastSeen: count("last_seen"),
    state: optional("state"),
    application: label("application"),
    runtime: label("runtime"),
    board: label("board"),
    modelId: optional("model_id"),
    modelVersion: optional("model_version"),
    resetReason: optional("reset_reason"),
    boots: optional("boots"),
    supplyMillivolts: optional("supply_millivolts"),
    freeBytes: optional("free_bytes"),
    waiting: optional("waiting"),
    errors: JSON.parse(label("errors") ?? "[]") as number[],
    update:
      updateSequence === null
        ? null
        : { sequence: updateSequence, state: count("update_state"), reason: count("update_reason") },
    records: count("records"),
    repeats: count("repeats"),
    conflicts: count("conflicts"),
    refused: count("refused"),
    evicted: count("evicted"),
    missing: count("missing"),
    unexplained: count("unexplained"),
  };
}
