import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScriptEngine } from "./engine.js";
import { findCommand } from "./find-command.js";
import { hostPieces } from "./host-text.js";
import { inFolder, runCommand } from "./run-command.js";

/** MicroQuickJS's shell. */
export const mqjs: ScriptEngine = {
  name: "mqjs",
  backends: ["loops"],
  find: () => findCommand("mqjs"),
  run: (job) =>
    inFolder(async (folder) => {
      const pieces = [...hostPieces(job, { print: "print", nowMs: "performance.now()" }), job.code];
      await writeFile(join(folder, "model.js"), pieces.join("\n"));
      return runCommand({ command: findCommand("mqjs")!, args: ["--memory-limit", "64m", "model.js"], folder });
    }),
};
