import { deviceUnknown } from "../../errors/fleet.js";
import { nobodyMeant } from "../../errors/rollout.js";
import type { DeviceRow, Store } from "../store/store.js";

/** Devices as a command line names them. */
export interface DeviceChoice {
  readonly device?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
}

/** Devices that were chosen, and which of them were named one by one. */
export interface ChosenDevices {
  readonly rows: readonly DeviceRow[];
  readonly named: ReadonlySet<string>;
}

/** True where a choice names anything. */
export function isChoice({ device, tag, all }: DeviceChoice): boolean {
  return device !== undefined || tag !== undefined || all === true;
}

/**
 * The devices of the store that are chosen, in their order.
 * @throws SertaoError DEVICE_UNKNOWN, OTA_NO_DEVICES
 */
export async function selectDevices(store: Store, choice: DeviceChoice): Promise<ChosenDevices> {
  if (!isChoice(choice)) throw nobodyMeant("No device is named.");
  const { device = [], tag = [], all } = choice;
  const known = await store.devices();
  const unknown = device.find((id) => known.every((row) => row.device !== id));
  if (unknown !== undefined) throw deviceUnknown(unknown);
  const tags = await store.updates.tags();
  const unused = tag.find((name) => ![...tags.values()].some((own) => own.includes(name)));
  if (unused !== undefined) throw nobodyMeant(`No device has the tag "${unused}".`);
  const named = new Set(device);
  const isChosen = (id: string): boolean =>
    all === true || named.has(id) || tag.some((name) => tags.get(id)?.includes(name) === true);
  const rows = known.filter((row) => isChosen(row.device));
  if (rows.length === 0) throw nobodyMeant("The store knows no device.");
  return { rows, named };
}
