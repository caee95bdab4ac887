import type { Command } from "commander";
import { fleetCommand } from "./commands/fleet.js";

/** Every command of `sertao`, in the order of the help text. A new one is a file in commands/ and a line here. */
export const commands: ((program: Command) => void)[] = [fleetCommand];
