import { DeviceUpdateState } from "../messages/update-state.js";
import type { Prepared, Row } from "./prepared.js";
import type { WithdrawOutcome } from "./update-store.js";

/** Takes an update and its companion back; the caller holds the transaction. */
export function withdrawUpdate(
  sql: Prepared,
  sequence: number,
  devices: readonly string[] | undefined,
  now: number,
): WithdrawOutcome {
  const withdrawn: string[] = [];
  const fetched: string[] = [];
  for (const device of devices ?? sql.all("devicesOfUpdate", sequence).map((row) => String(row["device"]))) {
    const row = sql.one("deviceUpdate", device, sequence);
    if (row === undefined) continue;
    const companion = sql.one("deviceUpdate", device, Number(row["companion"]));
    const rows = [row, companion].filter((each): each is Row => each !== undefined);
    if (rows.some(({ phase }) => phase === "open")) {
      // One that is fetched and waits for its companion never becomes active without it.
      const waiting = rows.filter(
        ({ phase, state }) => phase === "open" || (phase === "fetched" && Number(state) < DeviceUpdateState.TRIAL),
      );
      for (const each of waiting) sql.run("endUpdate", "withdrawn", now, device, Number(each["sequence"]));
      withdrawn.push(device);
    } else if (row["phase"] === "fetched" || row["phase"] === "over") fetched.push(device);
  }
  return { withdrawn, fetched };
}
