import { deviceError } from "../../errors/device.js";
import type { DeviceUpdate, StoredUpdate, UpdateStateRow } from "../store/update-store.js";
import { publishedManifest } from "../updates/restore.js";
import { textTable } from "./text-table.js";
import { timeText } from "./time-text.js";
import { progressText, reasonText, stateText } from "./update-text.js";

type Update = Omit<StoredUpdate, "image">;

/** Published updates, with how many devices each is at which stage. */
export function updatesTable(updates: readonly Update[], ofDevices: readonly DeviceUpdate[]): string {
  const headings = ["update", "kind", "label", "published", "open", "fetched", "confirmed", "failed", "taken back"];
  return textTable(
    headings,
    updates.map((update) => {
      const own = ofDevices.filter(({ sequence }) => sequence === update.sequence);
      const count = (matches: (update: DeviceUpdate) => boolean): number => own.filter(matches).length;
      return [
        String(update.sequence),
        update.kind,
        labelOf(update),
        timeText(update.publishedAt),
        count(({ phase }) => phase === "open"),
        count(({ phase }) => phase === "fetched"),
        count((each) => each.phase === "over" && each.reason === 0),
        count((each) => each.phase === "over" && each.reason !== 0),
        count(({ phase }) => phase === "withdrawn" || phase === "superseded"),
      ];
    }),
  );
}

/** Each device with what it has under way, or else with its last update. */
export function deviceUpdatesTable(ofDevices: readonly DeviceUpdate[]): string {
  return textTable(
    ["device", "update", "kind", "state", "since", "reason"],
    present(ofDevices).map((update) => [
      update.device,
      String(update.sequence),
      update.kind,
      progressText(update),
      timeText(update.changedAt),
      reasonText(update.reason),
    ]),
  );
}

/** What devices have reported, in the order of receipt. */
export function historyTable(rows: readonly UpdateStateRow[]): string {
  return textTable(
    ["received", "device", "update", "state", "reason"],
    rows.map(({ receivedAt, device, sequence, state, reason }) => [
      timeText(receivedAt),
      device,
      String(sequence),
      stateText(state),
      reasonText(reason),
    ]),
  );
}

/** An update of a device for another program. @param history of the device */
export function deviceUpdateView(update: DeviceUpdate, history: readonly UpdateStateRow[]): object {
  const { device, sequence, kind, phase, publishedAt, changedAt, state, reason, done, total } = update;
  const own = history.filter((row) => row.sequence === sequence);
  return {
    device,
    sequence,
    kind,
    phase,
    publishedAt,
    changedAt,
    state: state === 0 ? null : stateText(state),
    ...reasonView(reason),
    done,
    total,
    history: own.map((row) => ({ receivedAt: row.receivedAt, state: stateText(row.state), ...reasonView(row.reason) })),
  };
}

/** A published update for another program. */
export function updateView(update: Update): object {
  const { sequence, kind, companion, publishedAt } = update;
  return { sequence, kind, label: labelOf(update), companion: companion === 0 ? null : companion, publishedAt };
}

function reasonView(reason: number): object {
  const known = deviceError(reason);
  return { reason, ...(known && { reasonName: known.name, cause: known.cause, remedy: known.remedy }) };
}

function labelOf(update: Update): string {
  const manifest = publishedManifest(update);
  return manifest?.label ?? manifest?.application ?? manifest?.key?.slot ?? "";
}

/** @param updates by device and sequence */
function present(updates: readonly DeviceUpdate[]): DeviceUpdate[] {
  return updates.filter(
    ({ device, phase }, i) => phase === "open" || phase === "fetched" || updates[i + 1]?.device !== device,
  );
}
