import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScriptEngine } from "./engine.js";
import { findCommand } from "./find-command.js";
import { hostPieces } from "./host-text.js";
import { inFolder, runCommand } from "./run-command.js";

/** JerryScript's shell. Its heap has 512 KB: each piece is a file of its own, forgotten when it has run. */
export const jerry: ScriptEngine = {
  name: "jerry",
  backends: ["loops"],
  find: () => findCommand("jerry"),
  run: (job) =>
    inFolder(async (folder) => {
      const pieces = [...hostPieces(job, { print: "print", nowMs: "Date.now()" }), job.code];
      const names = pieces.map((_, i) => `${String(i).padStart(4, "0")}.js`);
      await Promise.all(pieces.map((piece, i) => writeFile(join(folder, names[i]!), piece)));
      return runCommand({ command: findCommand("jerry")!, args: names, folder });
    }),
};
