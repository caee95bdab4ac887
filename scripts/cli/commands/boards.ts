import type { Command } from "commander";
import { powerText, sleepText } from "../power-text.js";
import { boards, type Board } from "../../../boards/index.js";

const KB = 1024;

/** `sertao boards`: what there is to build for. */
export function boardsCommand(program: Command): void {
  program
    .command("boards")
    .description("list the boards, and what each has and lacks")
    .option("--json", "print the board files' data")
    .action((options: { json?: boolean }) => {
      process.stdout.write(options.json ? `${JSON.stringify(boards, null, 2)}\n` : `${boards.map(line).join("\n")}\n`);
    });
}

function line(board: Board): string {
  const storage = (board.storage.pageBytes * board.storage.pages) / KB;
  const outbox = board.freeRegions.some((region) => region.name === "outbox") ? "flash" : "memory";
  return [
    `${board.id.padEnd(14)}${board.title}`,
    `${" ".repeat(14)}${board.engine}, ${board.jsVars.count} JsVars of ${board.jsVars.bytesEach} bytes, ${storage} KB of Storage, outbox in ${outbox}`,
    `${" ".repeat(14)}has   ${board.modules.join(", ")}`,
    `${" ".repeat(14)}draws ${powerText(board)}`,
    `${" ".repeat(14)}sleeps deeply: ${sleepText(board)}`,
    `${" ".repeat(14)}lacks ${board.lacks.map((lack) => `${lack.name} (${lack.why})`).join("; ")}`,
  ].join("\n");
}
