import type { Command } from "commander";

/** Options of every command that is about some devices. */
export interface DeviceOptions {
  device?: string[];
  tag?: string[];
  all?: boolean;
  store: string;
}

/** Adds the options that choose devices. */
export function addDeviceOptions(command: Command): Command {
  return command
    .option("--device <ids...>", "devices by their ids")
    .option("--tag <tags...>", "all devices with one of these tags (sertao fleet tag)")
    .option("--all", "every device of the store");
}
