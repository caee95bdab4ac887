import { join } from "node:path";
import { Option, type Command } from "commander";
import { ROUNDINGS, type Rounding } from "../../model/rounding.js";
import { evaluateProject } from "../../train/evaluate-project.js";
import type { Evaluation } from "../../train/evaluation.js";
import { MODEL_FILES, writeFiles } from "../../train/model-files.js";
import { loadDatasets } from "../../train/project-data.js";
import type { TrainingProject } from "../../train/training-project.js";
import { describeData } from "../../train/sample-run.js";
import type { TrainedModel } from "../../train/weights.js";
import { projectWeights } from "../../train/quantize-project.js";
import { reportFiles } from "../../train/report.js";
import { addTrainingDataOptions, projectOf, type TrainingDataOptions } from "../../train/training-options.js";
import { Progress } from "../progress.js";

interface EvaluateOptions extends TrainingDataOptions {
  readonly rounding: Rounding;
}

/** `sertao evaluate`: judges the int8 model, as the device runs it, on data that training has not seen. */
export function evaluateCommand(program: Command): void {
  const command = program
    .command("evaluate")
    .description("judge an int8 model in the device's interpreter on unseen data, and write a report")
    .argument("<target>", "a training.json, a folder with one, or an application's name");
  addTrainingDataOptions(command)
    .addOption(new Option("--rounding <name>", "runtime whose bits to reproduce").choices(ROUNDINGS).default("tflm"))
    .action(async (target: string, options: EvaluateOptions) => {
      const project = projectOf(target, options);
      const model = projectWeights(project);
      const files = options.csv ?? [];
      const runs = await loadDatasets(project, "test", files);
      const progress = new Progress(
        "evaluating",
        runs.reduce((sum, run) => sum + run.rows, 0),
      );
      const report = evaluateProject({
        project,
        model,
        runs,
        files,
        rounding: options.rounding,
        command: madeBy(target, model, project, describeData(project.config, "test", files)),
        onRow: (done) => progress.update(done),
      });
      progress.stop();
      const folder = join(project.outFolder, MODEL_FILES.report);
      const written = writeFiles(folder, reportFiles(report));
      const { int8, float, agreement } = report;
      if (options.json) {
        const summary = { rows: int8.rows, int8: figures(int8), float: figures(float), agreement: agreement.decisions };
        console.log(JSON.stringify({ ...summary, threshold: model.threshold, report: written[0] }));
        return;
      }
      console.log(`${int8.rows} rows: ${report.data}`);
      for (const [name, evaluation] of Object.entries({ int8, float })) console.log(`${name}: ${sentence(evaluation)}`);
      console.log(`they decide the same on ${(100 * agreement.decisions).toFixed(2)} % of the rows`);
      console.log(`wrote ${written[0]}`);
    });
}

/** The commands that make a model and its report. */
function madeBy(target: string, model: TrainedModel, { config }: TrainingProject, tested: string): string {
  const data = (files: string): string => (config.source.kind === "csv" ? ` --csv ${files.replaceAll(",", "")}` : "");
  return [
    `train ${target}${data(model.trainedOn)}`,
    `quantize ${target}${data(model.trainedOn)}`,
    `evaluate ${target}${data(tested)}`,
  ]
    .map((words) => `sertao ${words}`)
    .join(" && ");
}

function figures({ accuracy, classes, confusion }: Evaluation): object {
  return {
    accuracy,
    confusion,
    classes: classes.map(({ label, precision, recall, f1, rocAuc }) => ({ label, precision, recall, f1, rocAuc })),
  };
}

function sentence({ accuracy, classes }: Evaluation): string {
  const parts = classes.map(
    ({ label, precision, recall, rocAuc }) =>
      `${label}: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, ROC AUC ${rocAuc.toFixed(4)}`,
  );
  return `accuracy ${(100 * accuracy).toFixed(2)} %; ${parts.join("; ")}`;
}
