import { join } from "node:path";
import type { Command } from "commander";
import { boards, findBoard } from "../../../boards/index.js";
import { buildApp } from "../../bundle/build-app.js";
import { findApp } from "../../bundle/find-app.js";
import { printReport } from "../../bundle/print-report.js";
import { writeBuild } from "../../bundle/write-build.js";
import { boardUnknown } from "../../errors/board.js";

interface Options {
  board: string;
  output?: string;
  json?: boolean;
}

/** `sertao build`: bundle, dialect gate, size report, files. */
export function buildCommand(program: Command): void {
  program
    .command("build")
    .description("bundle an application for a board, and refuse what does not fit it")
    .argument("<app>", "folder with a sertao.json, or the name of an application in firmware/apps")
    .requiredOption("--board <board>", "board to build for (see: sertao boards)")
    .option("-o, --output <folder>", "folder to write to (default: build/<app>/<board>)")
    .option("--json", "print manifest and report as JSON")
    .action(async (name: string, options: Options) => {
      const board = findBoard(options.board);
      if (board === undefined) throw boardUnknown(options.board, boards.map(({ id }) => id).join(", "));
      const built = await buildApp(findApp(name), board);
      const folder = options.output ?? join("build", built.manifest.application, board.id);
      writeBuild(built, folder);
      const { manifest, report } = built;
      process.stdout.write(
        options.json ? `${JSON.stringify({ folder, manifest, report }, null, 2)}\n` : printReport(built, folder),
      );
    });
}
