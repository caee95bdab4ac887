import { join } from "node:path";
import type { Board } from "../../boards/index.js";
import { compile, type CompiledApp } from "./compile.js";
import { packageRoot, runtimeVersion } from "./package-root.js";

const FOLDER = join(packageRoot, "firmware", "update");

/**
 * Builds the script that fetches updates on a board (lib/update/agent-link.ts): its value is a function of what the
 * application lends it. Everything it makes is local to that function, and goes with it.
 * @throws SertaoError BUNDLE_*
 */
export function buildAgent(board: Board): Promise<CompiledApp> {
  return buildLent("agent.ts", board);
}

/** Builds the script that keeps the slots of a board (lib/update/keeper-link.ts), in the same form. @throws SertaoError BUNDLE_* */
export function buildKeeper(board: Board): Promise<CompiledApp> {
  return buildLent("keeper.ts", board);
}

/** Builds what tries a new provisioning on a board without slots, in the same form. @throws SertaoError BUNDLE_* */
export function buildProvisioningKeeper(board: Board): Promise<CompiledApp> {
  return buildLent("provisioning.ts", board);
}

function buildLent(entry: string, board: Board): Promise<CompiledApp> {
  const app = { name: "update", version: runtimeVersion, entry };
  return compile(FOLDER, app, board, runtimeVersion, undefined, [join(FOLDER, "globals.d.ts")], wrap);
}

/** The script as the body of a function of `up`: what it assigns to `hooks` at its end, the function returns. */
function wrap(code: string): string {
  const arrow = /^!?\(\(\)=>\{([^]*);hooks=([^]*)\}\)\(\);?\s*$/.exec(code);
  return arrow ? `up=>{${arrow[1]};return ${arrow[2]}}` : `(function(up){var hooks;${code}\nreturn hooks})`;
}
