import { DeviceUpdateState, type UpdateState } from "../messages/update-state.js";
import type { Prepared } from "./prepared.js";
import type { Arrival } from "./store.js";
import type { UpdatePhase } from "./update-store.js";

/** A device that reports without end must not fill the disk: its oldest states go. */
export const MAX_STATES = 1000;

/**
 * Writes a state that a device reported: a row where it is another than the last of that update.
 * @returns true for such a one
 */
export function writeUpdateState(sql: Prepared, { device, receivedAt }: Arrival, message: UpdateState): boolean {
  const { sequence, state, reason, done, total } = message;
  sql.run("updateUpdate", sequence, state, reason, device);
  const last = sql.one("lastUpdateState", device, sequence);
  const changed = last === undefined || Number(last["state"]) !== state || Number(last["reason"]) !== reason;
  if (changed) {
    sql.run("insertUpdateState", device, sequence, state, reason, receivedAt, device);
    sql.run("trimUpdateStates", device, device, MAX_STATES);
  }
  const row = sql.one("deviceUpdate", device, sequence);
  if (row === undefined) return changed;
  const before = row["phase"] as UpdatePhase;
  // What a broker delivers again after the end is older than the end.
  if (before === "over" && state < DeviceUpdateState.CONFIRMED) return changed;
  const changedAt = changed ? receivedAt : Number(row["changed_at"]);
  sql.run("reportUpdate", phaseAfter(before, state), state, reason, done, total, changedAt, device, sequence);
  return changed;
}

/** A phase never goes back: a device that fetches again is still served. */
function phaseAfter(before: UpdatePhase, state: number): UpdatePhase {
  switch (state) {
    case DeviceUpdateState.STAGED:
    case DeviceUpdateState.TRIAL:
      return "fetched";
    case DeviceUpdateState.CONFIRMED:
    case DeviceUpdateState.REFUSED:
    case DeviceUpdateState.ROLLED_BACK:
      return "over";
    default:
      return before;
  }
}
