import type { Board } from "../../boards/index.js";
import { sleepPulses, sleepUnsupported } from "../errors/bundle.js";

/** Parts of the linked bundle by their file: the sleep that an application asked for, and what no sleep counts. */
const SLEEP = /firmware\/sleep\/deep\.ts$/;
const PULSES = /\/buses\/pulse-counter\.ts$/;

/**
 * Refuses an application that sleeps on a board which cannot, or with a sensor that would miss what it is for.
 * @param map source map of the linked bundle, as JSON
 * @throws SertaoError SLEEP_UNSUPPORTED or SLEEP_PULSES
 */
export function refuseSleep(map: string, board: Board): void {
  const { sources } = JSON.parse(map) as { sources: string[] };
  if (!sources.some((source) => SLEEP.test(source))) return;
  if (typeof board.deepSleep === "string") throw sleepUnsupported(board.id, board.deepSleep);
  if (sources.some((source) => PULSES.test(source))) throw sleepPulses();
}
