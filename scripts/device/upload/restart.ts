import { uploadNotStarted } from "../../errors/upload.js";
import { deviceError } from "../../errors/device.js";
import { consoleFailed } from "../../errors/console.js";
import { portLost } from "../../errors/port.js";
import { EspruinoConsole } from "../console/espruino-console.js";
import type { LineOptions, OpenLine, SerialLine } from "../serial/serial-line.js";

/** Chips with USB of their own leave the bus while they restart. */
const REAPPEAR_TIMEOUT_MS = 15_000;
const REAPPEAR_POLL_MS = 200;
const BOOT_TIMEOUT_MS = 30_000;
/** What is asked too early gets lost: asking often finds the moment when it starts. */
const REPEAT_MS = 250;
const ATTEMPTS = 3;
/** A variable that no restart leaves. */
const MARK = "sertaoUpload";

/** A device that has been restarted. */
export interface Restarted {
  /** The port: another where it went away meanwhile. */
  readonly line: SerialLine;
  /** What it printed while it started, without the engine's banner. */
  readonly printed: readonly string[];
}

/**
 * Restarts a device and waits until its console answers: by then the application has started, or said why not.
 * @throws SertaoError CONSOLE_…, PORT_…, UPLOAD_NOT_STARTED
 */
export async function restart(
  running: EspruinoConsole,
  line: SerialLine,
  openLine: OpenLine,
  options: LineOptions,
): Promise<Restarted> {
  running.detach();
  let text = "";
  const hear = (printed: string): void => void (text += printed);
  let current: Current = { line, console: new EspruinoConsole(line, hear) };
  for (let attempt = 1; ; attempt++) {
    await current.console.evaluate(`${MARK}=1`);
    text = "";
    await current.console.evaluateLast("E.reboot()");
    current = await answering(current, openLine, options, hear);
    if ((await current.console.evaluate(`typeof ${MARK}`)) === '"undefined"') break;
    if (attempt === ATTEMPTS) throw consoleFailed("E.reboot", "the engine goes on as before");
  }
  const printed = afterBanner(text);
  const cause = failureIn(printed);
  if (cause !== undefined) throw uploadNotStarted(cause);
  return { line: current.line, printed };
}

interface Current {
  readonly line: SerialLine;
  readonly console: EspruinoConsole;
}

/** Waits for the first answer, on a port that may go away meanwhile and come back. */
async function answering(
  { line, console: device }: Current,
  openLine: OpenLine,
  options: LineOptions,
  hear: (text: string) => void,
): Promise<Current> {
  try {
    await device.open(BOOT_TIMEOUT_MS, REPEAT_MS);
    return { line, console: device };
  } catch (error) {
    if (line.isOpen) throw error;
  }
  for (const deadline = Date.now() + REAPPEAR_TIMEOUT_MS; Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, REAPPEAR_POLL_MS));
    const again = await openLine(line.path, options).catch(() => undefined);
    if (again === undefined) continue;
    const found = new EspruinoConsole(again, hear);
    await found.open(BOOT_TIMEOUT_MS, REPEAT_MS);
    return { line: again, console: found };
  }
  throw portLost(line.path);
}

/** Lines that were printed after the engine's banner, without prompts and control sequences. */
export function afterBanner(text: string): string[] {
  const banner = text.lastIndexOf("espruino.com/Donate");
  const rest = banner < 0 ? text : text.slice(text.indexOf("\n", banner) + 1);
  return rest
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^>/, "").trimEnd())
    .filter((line) => line !== "");
}

/** What a device that did not start its application said; device errors by their names. */
function failureIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const [, reason] = /^sertao: cannot start: (.*)$/.exec(line) ?? [];
    if (reason !== undefined) return describe(reason);
    const [, uncaught] = /Uncaught (.*)$/.exec(line) ?? [];
    if (uncaught !== undefined) return uncaught.replace(/\.$/, "");
  }
  return undefined;
}

function describe(reason: string): string {
  const [, code] = /^E(\d+):/.exec(reason) ?? [];
  const known = code === undefined ? undefined : deviceError(Number(code));
  return known === undefined ? reason : `${known.name} (${reason}): ${known.cause} ${known.remedy}`.replace(/\.$/, "");
}
