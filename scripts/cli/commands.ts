import type { Command } from "commander";
import { boardsCommand } from "./commands/boards.js";
import { buildCommand } from "./commands/build.js";
import { doctorCommand } from "./commands/doctor.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { flashCommand } from "./commands/flash.js";
import { fleetCommand } from "./commands/fleet.js";
import { initCommand } from "./commands/init.js";
import { modelCommand } from "./commands/model.js";
import { monitorCommand } from "./commands/monitor.js";
import { otaCommand } from "./commands/ota.js";
import { provisionCommand } from "./commands/provision.js";
import { quantizeCommand } from "./commands/quantize.js";
import { simulateCommand } from "./commands/simulate.js";
import { trainCommand } from "./commands/train.js";
import { uploadCommand } from "./commands/upload.js";

/** Every command of `sertao`, in the order of the help text. A new one is a file in commands/ and a line here. */
export const commands: ((program: Command) => void)[] = [
  initCommand,
  boardsCommand,
  buildCommand,
  flashCommand,
  provisionCommand,
  uploadCommand,
  monitorCommand,
  doctorCommand,
  simulateCommand,
  fleetCommand,
  modelCommand,
  otaCommand,
  trainCommand,
  quantizeCommand,
  evaluateCommand,
];
