import type { Command } from "commander";
import { mosquittoAcl } from "../../fleet/mosquitto-acl.js";

/** `sertao fleet acl`. */
export function fleetAcl(fleet: Command): void {
  fleet
    .command("acl")
    .description("print an access list for Mosquitto, with the settings it needs")
    .option("--collector <user>", "user name of the collector", "collector")
    .action(({ collector }: { collector: string }) => {
      process.stdout.write(mosquittoAcl(collector));
    });
}
