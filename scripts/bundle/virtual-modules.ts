import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Board } from "../../boards/index.js";
import type { AppManifest } from "./app-manifest.js";
import { packageRoot } from "./package-root.js";

/**
 * Modules that a build chooses or makes: `sertao:platform`, `sertao:operators`, `sertao:build`, and `sertao:tensorflow`,
 * which only operators of that backend ask for.
 */
export interface VirtualModules {
  /** Module name to the file it stands for. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Text of those files that are made. */
  readonly sources: ReadonlyMap<string, string>;
  /** The engine's globals, for the type checker. */
  readonly declarations: readonly string[];
}

/** @param operators source of `sertao:operators`, with imports relative to firmware/; without it all operators */
export function virtualModules(
  app: AppManifest,
  board: Board,
  runtime: string,
  operators: string | undefined,
): VirtualModules {
  const port = join(packageRoot, "firmware", "platform", board.platform);
  const operatorsFile = join(packageRoot, "firmware", operators === undefined ? "operators.ts" : "model-operators.ts");
  const buildFile = join(packageRoot, "firmware", "build-constants.ts");
  const sources = new Map([[buildFile, buildConstants(app, board, runtime)]]);
  if (operators !== undefined) sources.set(operatorsFile, operators);
  return {
    aliases: new Map([
      ["sertao:platform", join(port, "platform.ts")],
      ["sertao:tensorflow", join(port, "tensorflow.ts")],
      ["sertao:operators", operatorsFile],
      ["sertao:build", buildFile],
    ]),
    sources,
    declarations: existsSync(port)
      ? readdirSync(port)
          .filter((name) => name.endsWith(".d.ts"))
          .map((name) => join(port, name))
      : [],
  };
}

function buildConstants(app: AppManifest, board: Board, runtime: string): string {
  const constants = { application: app.name, version: app.version, board: board.id, runtime };
  return Object.entries(constants)
    .map(([name, value]) => `export const ${name}: string = ${JSON.stringify(value)};\n`)
    .join("");
}
