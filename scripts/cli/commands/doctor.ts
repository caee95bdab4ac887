import type { Command } from "commander";
import type { Check } from "../../device/doctor/check.js";
import { examine } from "../../device/doctor/examine.js";
import { openNodeLine } from "../../device/serial/node-line.js";
import { listPorts } from "../../device/serial/port-list.js";
import { chooseProvisioning, provisionedDevices } from "../../provision/device-folder.js";
import { boardNamed } from "./board-option.js";
import { printJson } from "./fleet-store.js";

interface Options {
  port?: string;
  board?: string;
  device?: string;
  rom?: true;
  login: boolean;
  json?: true;
}

const MARKS = { ok: "ok", note: "--", finding: "!!" };
const NAME_WIDTH = 16;

/** `sertao doctor`. */
export function doctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("find what is wrong between this machine, a board and its broker; status 1 where there are findings")
    .option("--port <port>", "serial port of the board")
    .option("--board <board>", "which board it should be (see: sertao boards)")
    .option("--device <device>", "whose provisioning to compare and to log in with (default: the only one there is)")
    .option("--rom", "also reset a running board into its ROM loader, to look at chip, flash and partitions")
    .option("--no-login", "do not log in at the broker: that throws a connected device out for a moment")
    .option("--json", "print what was found as JSON")
    .action(doctor);
}

async function doctor({ port, board, device, rom, login, json }: Options): Promise<void> {
  const isUndecided = device === undefined && provisionedDevices().length > 1;
  const provisioning = isUndecided ? undefined : chooseProvisioning(device);
  const checks = await examine({
    ports: await listPorts(),
    openLine: openNodeLine,
    ...(port !== undefined && { path: port }),
    ...(board !== undefined && { board: boardNamed(board) }),
    ...(provisioning !== undefined && { provisioning }),
    rom: rom === true,
    login,
    nowSec: Date.now() / 1000,
  });
  const findings = checks.filter(({ state }) => state === "finding").length;
  if (json) printJson({ findings, checks });
  else process.stdout.write(`${checks.map(line).join("\n")}\n${findings} finding${findings === 1 ? "" : "s"}\n`);
  if (findings > 0) process.exitCode = 1;
}

function line({ name, state, text, remedy }: Check): string {
  const told = `${MARKS[state]} ${name.padEnd(NAME_WIDTH)}${text}`;
  return remedy === undefined ? told : `${told}\n   ${" ".repeat(NAME_WIDTH)}${remedy}`;
}
