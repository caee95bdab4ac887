import { basename } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Board } from "../../../boards/board.js";
import { boards, findBoard } from "../../../boards/index.js";
import { boardUnknown } from "../../errors/board.js";
import { modelDoesNotFit } from "../../errors/model.js";
import { arenaSvg } from "../../model/arena/arena-svg.js";
import { boardFit } from "../../model/board-fit.js";
import { backendNamed } from "../../model/backends.js";
import { compileModel } from "../../model/compile.js";
import { inferenceCost } from "../../model/cost/inference-cost.js";
import { timeEstimates } from "../../model/cost/time-estimate.js";
import { readBytes, writeBytes } from "../../model/model-file.js";
import { planNamed } from "../../model/plan.js";
import { reportText } from "../../model/report-text.js";
import { roundingNamed } from "../../model/rounding.js";

interface Options {
  output: string;
  board?: string;
  backend?: string;
  rounding: string;
  plan?: string;
  labels?: string;
  modelVersion: number;
  arenaSvg?: string;
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
    .option("--backend <name>", "loops, espruino or tensorflow; without it the board's")
    .option("--rounding <name>", "whose bits to reproduce: tflm or xnnpack", "tflm")
    .option("--plan <name>", "native forms that are fast or lean; by the board's memory where left out")
    .option("--labels <file>", "names of the outputs, one per line")
    .option("--model-version <number>", "the model's version, sent with its results, 0 to 2047", modelVersion, 1)
    .option("--arena-svg <file>", "draw the tensor arena over time")
    .option("--json", "print JSON")
    .action(async (path: string, options: Options) => {
      const board = options.board === undefined ? undefined : boardNamed(options.board);
      const compiled = compileModel(readBytes(path), {
        rounding: roundingNamed(options.rounding),
        version: options.modelVersion,
        ...(board && { board }),
        ...(options.backend !== undefined && { backend: backendNamed(options.backend) }),
        ...(options.plan !== undefined && { plan: planNamed(options.plan) }),
        ...(options.labels !== undefined && { labels: readLabels(options.labels) }),
      });
      const fit = board && (await boardFit(board, compiled));
      if (fit && !fit.fits) throw modelDoesNotFit(fit.board, fit.refusals.join("; "));
      const { pack, report } = compiled;
      const cost = await inferenceCost(compiled);
      const estimates = timeEstimates(report.backend, cost, board);
      writeBytes(options.output, pack);
      if (options.arenaSvg !== undefined) {
        writeBytes(options.arenaSvg, arenaSvg(report, `${basename(path)}: tensor arena`));
      }
      if (options.json)
        return console.log(JSON.stringify({ ...report, board: fit, runningJsVars: cost?.runningJsVars, estimates }));
      console.log(reportText({ report, board, fit, runningJsVars: cost?.runningJsVars, estimates }, options.output));
    });
}

/** A record in the outbox has 11 bits for it (lib/uplink/results-message.ts). */
function modelVersion(text: string): number {
  const version = Number(text);
  if (!/^\d+$/.test(text) || version > 2047) throw new InvalidArgumentError("It must be a whole number up to 2047.");
  return version;
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
