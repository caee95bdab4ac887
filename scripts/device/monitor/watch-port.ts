import { setTimeout as wait } from "node:timers/promises";
import { SertaoError } from "../../errors/sertao-error.js";
import type { LineOptions, OpenLine, SerialLine } from "../serial/serial-line.js";

const POLL_MS = 250;

export interface WatchOptions {
  readonly path: string;
  readonly openLine: OpenLine;
  readonly lineOptions: LineOptions;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called with each line that was opened; it must not hold back. */
  readonly opened: (line: SerialLine) => void;
  /** Called when the port has gone. */
  readonly gone: () => void;
}

/**
 * Keeps a port open until it is told to end: opens it again whenever it has gone and come back.
 * @throws SertaoError PORT_… where it cannot be opened the first time
 */
export async function watchPort({ path, openLine, lineOptions, signal, opened, gone }: WatchOptions): Promise<void> {
  let line = await openLine(path, lineOptions);
  while (!signal.aborted) {
    // Opening a port pulls both lines, and some boards take one of them for a reset when the other goes first.
    await line.setLines({ dtr: false, rts: false }).catch(() => false);
    opened(line);
    await Promise.race([line.gone, aborted(signal)]);
    if (signal.aborted) break;
    gone();
    const again = await reopen(path, openLine, lineOptions, signal);
    if (again === undefined) break;
    line = again;
  }
  await line.close();
}

async function reopen(
  path: string,
  openLine: OpenLine,
  options: LineOptions,
  signal: AbortSignal,
): Promise<SerialLine | undefined> {
  while (!signal.aborted) {
    try {
      return await openLine(path, options);
    } catch (error) {
      // A port that is appearing is missing, then forbidden, until the system has set it up.
      if (!(error instanceof SertaoError)) throw error;
    }
    await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
