import { join } from "node:path";
import type { Board } from "../../boards/index.js";
import type { AppManifest } from "./app-manifest.js";
import { DeviceProgram } from "./device-program.js";
import { ENGINE_RULES } from "./dialect/engines.js";
import { passGate, refuse, type Finding } from "./dialect/gate.js";
import { arrowFunction } from "./dialect/rules/arrow-function.js";
import { link } from "./link.js";
import { memberUse } from "./member-use.js";
import { minify, type Script } from "./minify.js";
import { refuseSleep } from "./refuse-sleep.js";
import { inspectSources } from "./source-rules/inspect-sources.js";
import { virtualModules } from "./virtual-modules.js";

/** An application in the form its board's engine runs. */
export interface CompiledApp extends Script {
  /** What the gate lets pass with a word. */
  readonly warnings: readonly Finding[];
  /** TypeScript helpers in the bundle. */
  readonly helpers: readonly string[];
}

/**
 * TypeScript → ES5 → one script → minified → dialect gate. Throws SertaoError.
 * @param declared declaration files besides those of the board's port
 * @param wrap what is put around the minified script
 */
export async function compile(
  folder: string,
  app: AppManifest,
  board: Board,
  runtime: string,
  operators: string | undefined,
  declared: readonly string[] = [],
  wrap = (code: string): string => code,
): Promise<CompiledApp> {
  const entry = join(folder, app.entry);
  const { aliases, sources, declarations } = virtualModules(app, board, runtime, operators);
  const device = new DeviceProgram(entry, aliases, sources, [...declarations, ...declared]);
  refuse(board.engine, inspectSources(device.program, board.engine));
  const linked = await link(device, entry);
  refuseSleep(linked.map, board);
  const small = await minify(linked, memberUse(device.program), knowsArrows(board.engine));
  const script = { ...small, code: wrap(small.code) };
  return { ...script, warnings: passGate(script, board.engine), helpers: linked.helpers };
}

function knowsArrows(engine: Board["engine"]): boolean {
  return !ENGINE_RULES[engine].includes(arrowFunction);
}
