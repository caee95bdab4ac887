import type { Command } from "commander";
import { otaConfigCommand } from "./ota-config.js";
import { otaInspectCommand } from "./ota-inspect.js";
import { otaKeygenCommand } from "./ota-keygen.js";
import { otaMacCommand } from "./ota-mac.js";
import { otaPublishCommand } from "./ota-publish.js";
import { otaRevokeCommand } from "./ota-revoke.js";
import { otaRollbackCommand } from "./ota-rollback.js";
import { otaSignCommand } from "./ota-sign.js";
import { otaStatusCommand } from "./ota-status.js";
import { otaWithdrawCommand } from "./ota-withdraw.js";

/** Every command of `sertao ota`, in the order of the help text. */
const commands = [
  otaKeygenCommand,
  otaConfigCommand,
  otaSignCommand,
  otaInspectCommand,
  otaPublishCommand,
  otaStatusCommand,
  otaWithdrawCommand,
  otaRollbackCommand,
  otaRevokeCommand,
  otaMacCommand,
];

/** `sertao ota`: keys, signed updates, and devices that get them. */
export function otaCommand(program: Command): void {
  const ota = program
    .command("ota")
    .description("sign updates, publish them to devices, and follow what becomes of them");
  for (const command of commands) command(ota);
}
