import type { Command } from "commander";
import { otaInspectCommand } from "./ota-inspect.js";
import { otaKeygenCommand } from "./ota-keygen.js";
import { otaMacCommand } from "./ota-mac.js";
import { otaRevokeCommand } from "./ota-revoke.js";
import { otaSignCommand } from "./ota-sign.js";

/** `sertao ota`: keys, signatures and what is in a signed update. */
export function otaCommand(program: Command): void {
  const ota = program.command("ota").description("sign updates for devices, and look at them");
  for (const command of [otaKeygenCommand, otaSignCommand, otaInspectCommand, otaRevokeCommand, otaMacCommand])
    command(ota);
}
