import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScriptEngine } from "./engine.js";
import { findCommand } from "./find-command.js";
import { hostPieces } from "./host-text.js";
import { inFolder, runCommand } from "./run-command.js";

/** Duktape's shell. */
export const duk: ScriptEngine = {
  name: "duk",
  backends: ["loops"],
  find: () => findCommand("duk"),
  run: (job) =>
    inFolder(async (folder) => {
      const pieces = [...hostPieces(job, { print: "print", nowMs: "Date.now()" }), job.code];
      await writeFile(join(folder, "model.js"), pieces.join("\n"));
      return runCommand({ command: findCommand("duk")!, args: ["model.js"], folder });
    }),
};
