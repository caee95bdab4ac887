import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import { isChoice, selectDevices } from "../../fleet/updates/select-devices.js";
import {
  deviceUpdatesTable,
  deviceUpdateView,
  historyTable,
  updatesTable,
  updateView,
} from "../../fleet/show/updates-table.js";
import { byDevice } from "../../fleet/store/by-device.js";
import type { Store } from "../../fleet/store/store.js";
import { interruptible } from "../interrupt.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";
import { addDeviceOptions, type DeviceOptions } from "./ota-devices.js";

const WATCH_MS = 1000;

interface Options extends DeviceOptions {
  history?: boolean;
  watch?: boolean;
  json?: boolean;
}

/** `sertao ota status`. */
export function otaStatusCommand(ota: Command): void {
  const command = ota
    .command("status")
    .description("print published updates, and how far each device is with them and why")
    .option("--history", "print every state that devices reported, with its time")
    .addOption(
      new Option("--watch", "print again when something changes, until nothing is under way or Ctrl-C").conflicts(
        "json",
      ),
    )
    .option("--json", "print JSON");
  addDeviceOptions(command).addOption(storeOption()).action(status);
}

async function status(options: Options): Promise<void> {
  await withStore(options.store, (store) =>
    options.watch === true ? watch(store, options) : print(store, options).then(() => undefined),
  );
}

async function print(store: Store, options: Options): Promise<void> {
  const { updates, ofDevices, history } = await read(store, options);
  if (options.json === true) {
    const said = byDevice(history);
    return printJson({
      updates: updates.map(updateView),
      devices: ofDevices.map((update) => deviceUpdateView(update, said.get(update.device) ?? [])),
    });
  }
  process.stdout.write(await text(store, options));
}

async function text(store: Store, options: Options): Promise<string> {
  const { updates, ofDevices, history } = await read(store, options);
  if (options.history === true)
    return history.length === 0 ? "No device has reported anything.\n" : historyTable(history);
  if (updates.length === 0) return "No updates are published.\n";
  return `${updatesTable(updates, ofDevices)}\n${deviceUpdatesTable(ofDevices)}`;
}

/** Prints what has changed, a table at a time; above the last one where that is a terminal. */
async function watch(store: Store, options: Options): Promise<void> {
  let shown = "";
  await interruptible(async (signal) => {
    while (!signal.aborted) {
      const now = await text(store, options);
      if (now !== shown) {
        if (process.stdout.isTTY) process.stdout.write("\x1b[2J\x1b[H");
        else if (shown !== "") process.stdout.write("\n");
        process.stdout.write(now);
        shown = now;
      }
      const { ofDevices } = await read(store, options);
      if (ofDevices.every(({ phase }) => phase !== "open" && phase !== "fetched")) return;
      await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined);
    }
  });
}

/** What is to be shown, of the devices that are chosen or of all. */
async function read(store: Store, options: Options) {
  const chosen = isChoice(options) ? await selectDevices(store, options) : undefined;
  const ids = chosen && new Set(chosen.rows.map(({ device }) => device));
  const isShown = ({ device }: { readonly device: string }): boolean => ids === undefined || ids.has(device);
  const [updates, ofDevices, history] = await Promise.all([
    store.updates.updates(),
    store.updates.ofDevices(),
    store.updates.history(),
  ]);
  return { updates, ofDevices: ofDevices.filter(isShown), history: history.filter(isShown) };
}
