import { createInterface } from "node:readline";
import { styleText } from "node:util";
import { type Command, Option } from "commander";
import { EspruinoConsole } from "../../device/console/espruino-console.js";
import { LOG_LEVELS, type LogLevel } from "../../device/monitor/log-level.js";
import { Monitor, type MonitorLine } from "../../device/monitor/monitor.js";
import { watchPort } from "../../device/monitor/watch-port.js";
import { openNodeLine } from "../../device/serial/node-line.js";
import type { SerialLine } from "../../device/serial/serial-line.js";
import { SertaoError } from "../../errors/sertao-error.js";
import { interruptible } from "../interrupt.js";
import { positiveCount } from "./fleet-count.js";

interface Options {
  port: string;
  build?: string;
  level: LogLevel;
  timestamps?: true;
  baud: number;
}

const BUILD_ROOT = "build";
/** What is typed is evaluated once: nobody knows what it does a second time. */
const TYPED_TIMEOUT_MS = 10_000;
const ONCE = { what: "That", timeoutMs: TYPED_TIMEOUT_MS, repeatMs: 2 * TYPED_TIMEOUT_MS };
const STYLES = { error: "red", warning: "yellow", debug: "gray" } as const;

/** `sertao monitor`. */
export function monitorCommand(program: Command): void {
  program
    .command("monitor")
    .description("show a board's console, stack traces by their sources, until Ctrl-C; what is typed is evaluated")
    .requiredOption("--port <port>", "serial port of the board")
    .option("--build <folder>", "folder of the build that it runs (default: the one in build/ with the same bundle)")
    .addOption(new Option("--level <level>", "least level to show").choices(LOG_LEVELS).default("debug"))
    .option("--timestamps", "put this machine's time before each line")
    .option("--baud <n>", "bits per second", positiveCount, 115_200)
    .action(monitor);
}

async function monitor({ port, build, level, timestamps, baud }: Options): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const show = (line: MonitorLine): void => {
    const time = timestamps ? `${new Date().toISOString()} ` : "";
    process.stdout.write(`${time}${styled(line)}\n`);
  };
  const view = new Monitor({ least: level, buildRoot: BUILD_ROOT, show, ...(build !== undefined && { build }) });
  let device: EspruinoConsole | undefined;
  const typed = readTyped(() => device, say);
  try {
    await interruptible((signal) =>
      watchPort({
        path: port,
        openLine: openNodeLine,
        lineOptions: { baudRate: baud, flowControl: true },
        signal,
        opened: (line) => {
          device = new EspruinoConsole(line, (text) => view.printed(text));
          say(`${port} is open; Ctrl-C ends`);
          void findSources(view, device, line, say);
        },
        gone: () => {
          view.flush();
          say(`${port} is gone; waiting for it`);
        },
      }),
    );
  } finally {
    typed.close();
    view.flush();
  }
}

/** Asks the device what it runs. One that does not answer is listened to all the same. */
async function findSources(
  view: Monitor,
  device: EspruinoConsole,
  line: SerialLine,
  say: (text: string) => void,
): Promise<void> {
  try {
    await device.open();
    const folder = await view.findSources(device);
    if (folder !== undefined) say(`stack traces by ${folder}`);
  } catch (error) {
    if (error instanceof SertaoError && line.isOpen) say(`${error.problem} Listening all the same.`);
  }
}

/** Evaluates typed lines on the device, one after another. */
function readTyped(
  device: () => EspruinoConsole | undefined,
  say: (text: string) => void,
): ReturnType<typeof createInterface> {
  let last = Promise.resolve();
  const typed = createInterface({ input: process.stdin });
  typed.on("line", (text) => {
    if (text.trim() === "") return;
    last = last.then(async () => {
      try {
        const value = await device()?.evaluate(text.trim(), ONCE);
        if (value !== undefined) process.stdout.write(`=${value}\n`);
      } catch (error) {
        say(error instanceof SertaoError ? error.problem : String(error));
      }
    });
  });
  return typed;
}

function styled({ level, text }: MonitorLine): string {
  if (level === "info" || !process.stdout.isTTY) return text;
  return styleText(STYLES[level], text);
}
