import type { Command } from "commander";
import { fleetAcl } from "./fleet-acl.js";
import { fleetDevices } from "./fleet-devices.js";
import { fleetForget } from "./fleet-forget.js";
import { fleetKey } from "./fleet-key.js";
import { fleetLogs } from "./fleet-logs.js";
import { fleetPassword } from "./fleet-password.js";
import { fleetResults } from "./fleet-results.js";
import { fleetRetain } from "./fleet-retain.js";
import { fleetServe } from "./fleet-serve.js";
import { fleetTag } from "./fleet-tag.js";

/** `sertao fleet`: broker, collector and store, and what is in the store. */
export function fleetCommand(program: Command): void {
  const fleet = program.command("fleet").description("collect what devices send, and look at it");
  fleetServe(fleet);
  fleetResults(fleet);
  fleetDevices(fleet);
  fleetLogs(fleet);
  fleetTag(fleet);
  fleetAcl(fleet);
  fleetPassword(fleet);
  fleetKey(fleet);
  fleetRetain(fleet);
  fleetForget(fleet);
}
