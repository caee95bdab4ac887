import { deviceError } from "../../errors/device.js";
import { DeviceUpdateState } from "../messages/update-state.js";
import type { DeviceUpdate } from "../store/update-store.js";

/** Names of `update/state`, by their number. */
const STATES: readonly string[] = ["", "fetching", "staged", "on trial", "confirmed", "refused", "rolled back"];

/** Name of a state that a device reported. */
export function stateText(state: number): string {
  return STATES[state] ?? `state ${state}`;
}

/** What a reason means: its name and cause; empty where there is none. */
export function reasonText(reason: number): string {
  if (reason === 0) return "";
  const known = deviceError(reason);
  return known === undefined ? `error ${reason}` : `${known.name} (${reason}): ${known.cause}`;
}

/** Where an update is with a device, in words: "fetching 40 %", "on trial 3 of 10". */
export function progressText(update: DeviceUpdate): string {
  const { phase, state, done, total, retained } = update;
  if (phase === "withdrawn" || phase === "superseded") return phase;
  switch (state) {
    case DeviceUpdateState.UNKNOWN:
      return retained ? "offered" : "published";
    case DeviceUpdateState.FETCHING:
      return total > 0 ? `fetching ${Math.floor((Math.min(done, total) * 100) / total)} %` : "fetching";
    case DeviceUpdateState.TRIAL:
      return total > 0 ? `on trial ${done} of ${total}` : "on trial";
    default:
      return stateText(state);
  }
}
