import type { Agreement, Evaluation } from "./evaluation.js";
import { accuracy, decide, f1, falsePositiveRate, precision, recall } from "./metrics.js";
import { svgPlot, type Plot } from "./svg-plot.js";
import type { WarningSummary } from "./warnings.js";
import type { TrainedModel } from "./weights.js";

/** All that a report tells. Probabilities are of the judged rows: rows × outputs. */
export interface ReportData {
  readonly model: TrainedModel;
  /** What the rows are: "orchard, seeds 2001 to 2005" or file names. */
  readonly data: string;
  readonly command: string;
  readonly modelBytes: number;
  readonly labels: Uint8Array;
  readonly float: Evaluation;
  readonly int8: Evaluation;
  readonly int8Probabilities: Float32Array;
  readonly agreement: Agreement;
  /** For labels that look ahead. */
  readonly warnings?: { readonly summary: WarningSummary; readonly rowSec: number; readonly days: number };
}

const FLOAT_COLOUR = "#9a9a9a";
const COLOURS = ["#0a6", "#06c", "#c50", "#909", "#a80", "#444"];

/** The report as files by name: REPORT.md and its plots. */
export function reportFiles(report: ReportData): Record<string, string> {
  return {
    "REPORT.md": markdown(report),
    "training.svg": svgPlot(trainingPlot(report.model)),
    "roc.svg": svgPlot(curvePlot(report, "ROC", "false positive rate", "recall", falsePositiveRate, recall)),
    "precision-recall.svg": svgPlot(
      curvePlot(report, "Precision and recall", "recall", "precision", recall, precision),
    ),
  };
}

function markdown(report: ReportData): string {
  const { model, int8, float, agreement } = report;
  const sizes = [model.features.length, ...model.network.layers.map((layer) => layer.outputs)];
  const macs = model.network.layers.reduce((sum, layer) => sum + layer.inputs * layer.outputs, 0);
  const sections = [
    `# Model report: ${model.name}`,
    `Made by \`${report.command}\`. Do not edit.`,
    table(
      ["", ""],
      [
        ["layers", `${sizes.join(" → ")}, ReLU between, ${model.labels.length === 1 ? "logistic" : "softmax"} output`],
        ["multiply-adds", String(macs)],
        ["int8 model", `${report.modelBytes} bytes`],
        ["features", model.features.join(", ")],
        ["labels", model.labels.join(", ")],
        ["trained on", model.trainedOn],
        ["judged on", report.data],
        ["rows", `${int8.rows}, ${int8.classes.map(({ label, examples }) => `${examples} ${label}`).join(", ")}`],
        ["best epoch", `${model.bestEpoch + 1} of ${model.history.length}`],
        ...(model.labels.length === 1 ? [["threshold", threeDigits(model.threshold)]] : []),
      ],
    ),
    "## Figures\n\nint8 is the device's interpreter on the compiled model; float is the network as it was trained.",
    table(
      [
        "",
        "accuracy",
        ...int8.classes.flatMap(({ label }) =>
          ["precision", "recall", "F1", "ROC AUC"].map((name) => `${name} (${label})`),
        ),
      ],
      [
        ["int8", ...figures(int8)],
        ["float", ...figures(float)],
      ],
    ),
    `The two decide the same on ${percent(agreement.decisions)} of the rows; their probabilities differ by ` +
      `${agreement.meanDifference.toFixed(4)} on average and ${agreement.greatestDifference.toFixed(3)} at most.`,
    "Decisions of the int8 model (rows: truth, columns: decision):",
    confusion(report),
    ...thresholds(report),
    ...warnings(report),
    "## Curves",
    "![ROC](roc.svg)\n![Precision and recall](precision-recall.svg)\n![Training](training.svg)",
  ];
  return `${sections.join("\n\n")}\n`;
}

function figures(evaluation: Evaluation): string[] {
  return [
    percent(evaluation.accuracy),
    ...evaluation.classes.flatMap((one) => [
      percent(one.precision),
      percent(one.recall),
      threeDigits(one.f1),
      one.rocAuc.toFixed(4),
    ]),
  ];
}

function confusion({ model, int8 }: ReportData): string {
  const names = model.labels.length === 1 ? [`not ${model.labels[0]}`, model.labels[0]!] : model.labels;
  return table(
    ["", ...names],
    int8.confusion.map((row, index) => [names[index]!, ...row.map(String)]),
  );
}

function thresholds({ model, labels, int8Probabilities }: ReportData): string[] {
  if (model.labels.length > 1) return [];
  const steps = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, model.threshold].sort((a, b) => a - b);
  const rows = steps.map((threshold) => {
    const decisions = decide(int8Probabilities, labels, threshold);
    const mark = threshold === model.threshold ? " (chosen)" : "";
    return [
      `${threeDigits(threshold)}${mark}`,
      percent(accuracy(decisions)),
      percent(precision(decisions)),
      percent(recall(decisions)),
      threeDigits(f1(decisions)),
    ];
  });
  return [
    "## Thresholds\n\nThe chosen one is the best on the validation part of the training data (`thresholdBeta`).",
    table(["threshold", "accuracy", "precision", "recall", "F1"], rows),
  ];
}

function warnings({ warnings }: ReportData): string[] {
  if (warnings === undefined) return [];
  const { summary, rowSec, days } = warnings;
  const lead = (part: number): string => {
    const row = summary.leads[Math.min(summary.leads.length - 1, Math.floor(part * summary.leads.length))];
    return row === undefined ? "–" : `${Math.round((row * rowSec) / 60)} min`;
  };
  return [
    "## As an alarm",
    `Of ${summary.events} events in ${Math.round(days)} days, ${summary.warned} were warned of before they began. ` +
      `The median lead is ${lead(0.5)}; nine of ten warnings lead by ${lead(0.1)} or more. ` +
      `False alarms: ${summary.falseAlarms}, ${((30 * summary.falseAlarms) / days).toFixed(1)} in 30 days.`,
  ];
}

function trainingPlot({ history }: TrainedModel): Plot {
  const most = Math.max(...history.flatMap((epoch) => [epoch.trainLoss, epoch.validationLoss]));
  return {
    title: "Training",
    xLabel: "epoch",
    yLabel: "cross-entropy, nats",
    xRange: [1, Math.max(2, history.length)],
    yRange: [0, most],
    series: [
      { name: "training", colour: COLOURS[0]!, points: history.map((epoch, i) => [i + 1, epoch.trainLoss]) },
      { name: "validation", colour: COLOURS[1]!, points: history.map((epoch, i) => [i + 1, epoch.validationLoss]) },
    ],
  };
}

function curvePlot(
  { float, int8 }: ReportData,
  title: string,
  xLabel: string,
  yLabel: string,
  x: typeof recall,
  y: typeof recall,
): Plot {
  const series = int8.classes.flatMap(({ label, curve }, index) => [
    { name: `${label}, float`, colour: FLOAT_COLOUR, points: pairs(float.classes[index]!.curve) },
    { name: `${label}, int8`, colour: COLOURS[index % COLOURS.length]!, points: pairs(curve) },
  ]);
  return { title, xLabel, yLabel, xRange: [0, 1], yRange: [0, 1], series };

  function pairs(curve: Evaluation["classes"][number]["curve"]): [number, number][] {
    return curve.map((decisions) => [x(decisions), y(decisions)]);
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}

function threeDigits(value: number): string {
  return value.toFixed(3);
}
