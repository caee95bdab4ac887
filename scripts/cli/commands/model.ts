import type { Command } from "commander";
import { modelCompileCommand } from "./model-compile.js";
import { modelDiffCommand } from "./model-diff.js";
import { modelDumpCommand } from "./model-dump.js";
import { modelInspectCommand } from "./model-inspect.js";
import { modelRunCommand } from "./model-run.js";

/** `sertao model`: everything about one model file. */
export function modelCommand(program: Command): void {
  const model = program.command("model").description("look at, compile, run and compare int8 models");
  for (const command of [modelInspectCommand, modelCompileCommand, modelRunCommand, modelDumpCommand, modelDiffCommand])
    command(model);
}
