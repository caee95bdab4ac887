import type { Board } from "../../../boards/index.js";
import { SertaoError } from "../../errors/sertao-error.js";
import type { Provisioning } from "../../provision/provisioning.js";
import { EspruinoConsole } from "../console/espruino-console.js";
import { ChipLoader } from "../flash/chip-loader.js";
import type { ListedPort } from "../serial/port-list.js";
import type { OpenLine } from "../serial/serial-line.js";
import { type Check, findingOf, note } from "./check.js";
import { checkBroker } from "./check-broker.js";
import { checkConsole } from "./check-console.js";
import { checkOpening, checkPortList } from "./check-port.js";
import { checkRom } from "./check-rom.js";

const CONSOLE_BAUD_RATE = 115_200;

export interface ExamineOptions {
  readonly ports: readonly ListedPort[];
  readonly openLine: OpenLine;
  readonly path?: string;
  readonly board?: Board;
  readonly provisioning?: Provisioning;
  /** Also resets a running board into its loader. */
  readonly rom: boolean;
  /** Also logs in at the broker. */
  readonly login: boolean;
  readonly nowSec: number;
  /** How long a console may be silent before the ROM is asked. */
  readonly consoleTimeoutMs?: number;
}

/** Looks at everything between this machine and the broker, and goes on where something is wrong. */
export async function examine(options: ExamineOptions): Promise<Check[]> {
  const { ports, path, provisioning, login } = options;
  const checks = checkPortList(ports, path);
  if (path !== undefined) checks.push(...(await examineBoard({ ...options, path })));
  if (provisioning !== undefined && login) checks.push(await checkBroker(provisioning));
  else checks.push(note("broker", login ? "No provisioning here names one." : "Not asked."));
  return checks;
}

async function examineBoard(options: ExamineOptions & { readonly path: string }): Promise<Check[]> {
  const { path, openLine, rom } = options;
  const opening = await checkOpening(path, openLine, { baudRate: CONSOLE_BAUD_RATE, flowControl: true });
  const { line } = opening;
  if (line === undefined) return [opening.check];
  const checks = [opening.check];
  let silent: Check | undefined;
  try {
    const device = new EspruinoConsole(line);
    silent = await device.open(options.consoleTimeoutMs).then(
      () => undefined,
      (error: unknown) => findingOf("console", error),
    );
    if (silent === undefined) checks.push(...(await examineConsole(device, options)));
  } finally {
    await line.close();
  }
  if (silent === undefined) return rom ? [...checks, ...(await examineRom(options))] : checks;
  return [...checks, silent, ...(await examineRom(options))];
}

async function examineConsole(
  device: EspruinoConsole,
  { board, provisioning, nowSec }: ExamineOptions,
): Promise<Check[]> {
  try {
    return await checkConsole(device, { board, provisioning, nowSec });
  } catch (error) {
    return [findingOf("console", error)];
  }
}

async function examineRom({ path, openLine, board }: ExamineOptions & { readonly path: string }): Promise<Check[]> {
  let loader: ChipLoader;
  try {
    loader = await ChipLoader.connect({ path, openLine, baudRate: CONSOLE_BAUD_RATE, stub: true });
  } catch (error) {
    return [findingOf("boot mode", error)];
  }
  try {
    const checks = await checkRom(loader, board);
    const restarted = await loader.restart();
    return restarted ? checks : [...checks, note("restart", "The port cannot reset the board: press EN (reset).")];
  } catch (error) {
    if (error instanceof SertaoError) return [findingOf("flash", error)];
    const cause = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    return [
      {
        name: "flash",
        state: "finding",
        text: `Reading it failed: ${cause}.`,
        remedy: "Take another cable or USB port.",
      },
    ];
  } finally {
    await loader.close();
  }
}
