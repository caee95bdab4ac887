import type { Command } from "commander";
import { evaluateCommand } from "./commands/evaluate.js";
import { fleetCommand } from "./commands/fleet.js";
import { quantizeCommand } from "./commands/quantize.js";
import { trainCommand } from "./commands/train.js";

/** Every command of `sertao`, in the order of the help text. A new one is a file in commands/ and a line here. */
export const commands: ((program: Command) => void)[] = [fleetCommand, trainCommand, quantizeCommand, evaluateCommand];
