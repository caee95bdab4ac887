import type { Command } from "commander";
import type { Board } from "../../../boards/board.js";
import { boards, findBoard } from "../../../boards/index.js";
import { boardUnknown } from "../../errors/board.js";
import { modelDoesNotFit } from "../../errors/model.js";
import { compileModel } from "../../model/compile.js";
import { readBytes, writeBytes } from "../../model/model-file.js";
import { planNamed } from "../../model/plan.js";
import { reportText } from "../../model/report-text.js";
import { roundingNamed } from "../../model/rounding.js";

interface Options {
  output: string;
  board?: string;
  rounding: string;
  plan?: string;
  labels?: string;
  modelVersion: string;
  json?: boolean;
}

/** `sertao model compile`: a `.tflite` file becomes a `.smod` pack, with its exact cost. */
export function modelCompileCommand(model: Command): void {
  model
    .command("compile")
    .description("compile a .tflite file to a .smod model pack")
    .argument("<file>", "a .tflite file, quantized to int8")
    .requiredOption("-o, --output <file>", "where to write the pack")
    .option("--board <name>", "report what it takes of a board, and refuse what does not fit")
    .option("--rounding <name>", "whose bits to reproduce: tflm or xnnpack", "tflm")
    .option("--plan <name>", "native forms that are fast or lean; by the board's memory where left out")
    .option("--labels <file>", "names of the outputs, one per line")
    .option("--model-version <number>", "the model's version, sent with its results", "1")
    .option("--json", "print JSON")
    .action((path: string, options: Options) => {
      const board = options.board === undefined ? undefined : boardNamed(options.board);
      const { pack, report } = compileModel(readBytes(path), {
        rounding: roundingNamed(options.rounding),
        version: Number(options.modelVersion) >>> 0,
        ...(board && { board }),
        ...(options.plan !== undefined && { plan: planNamed(options.plan) }),
        ...(options.labels !== undefined && { labels: readLabels(options.labels) }),
      });
      if (report.board && !report.board.fits)
        throw modelDoesNotFit(report.board.board, report.board.refusals.join("; "));
      writeBytes(options.output, pack);
      console.log(options.json ? JSON.stringify(report) : reportText(report, options.output));
    });
}

function boardNamed(id: string): Board {
  const board = findBoard(id);
  if (board === undefined) throw boardUnknown(id, boards.map((known) => known.id).join(", "));
  return board;
}

function readLabels(path: string): string[] {
  const lines = Buffer.from(readBytes(path)).toString("utf8").split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
