import type { Command } from "commander";
import { textTable } from "../../fleet/show/text-table.js";
import { inspectModel, type ModelView, type TensorView } from "../../model/inspect.js";
import { readModelFile } from "../../model/model-file.js";
import { packView, type PackView } from "../../model/pack-view.js";
import { optionsText } from "../../model/tflite/operator-options.js";
import { readTflite } from "../../model/tflite/reader.js";

/** `sertao model inspect`: operators, tensors, quantization and multiply-accumulates of a `.tflite` or `.smod` file. */
export function modelInspectCommand(model: Command): void {
  model
    .command("inspect")
    .description("show operators, tensors, quantization and multiply-accumulates")
    .argument("<file>", "a .tflite or .smod file")
    .option("--json", "print JSON, with every tensor and every parameter")
    .action((path: string, options: { json?: boolean }) => {
      const file = readModelFile(path);
      if (file.kind === "smod") {
        const view = packView(file.pack);
        return console.log(options.json ? JSON.stringify(view) : packText(view));
      }
      const view = inspectModel(readTflite(file.bytes, path));
      console.log(options.json ? JSON.stringify(view) : modelText(view));
    });
}

function modelText({ description, macs, parameterBytes, inputs, outputs, operators, tensors }: ModelView): string {
  const known = (indexes: readonly number[]): TensorView[] => indexes.flatMap((index) => tensors[index] ?? []);
  const rows = operators.map((operator) => {
    const read = known(operator.inputs);
    return [
      operator.index,
      `${operator.name} v${operator.version}`,
      optionsText(operator.options),
      list(read.filter(({ constantBytes }) => constantBytes === undefined)),
      list(read.filter(({ constantBytes }) => constantBytes !== undefined)),
      list(known(operator.outputs)),
      operator.parameterBytes,
      operator.macs,
    ];
  });
  const heads = ["#", "operator", "options", "reads", "constants", "writes", "bytes", "MACs"];
  return [
    ...(description ? [description] : []),
    `${operators.length} operators, ${macs} MACs, ${parameterBytes} bytes of parameters`,
    ...inputs.map((tensor) => `input  ${tensor.name}: ${describe(tensor)}`),
    ...outputs.map((tensor) => `output ${tensor.name}: ${describe(tensor)}`),
    textTable(heads, rows),
  ].join("\n");
}

function list(tensors: readonly TensorView[]): string {
  return tensors.map(describe).join("; ");
}

function describe({ type, shape, scale, zeroPoint, channels }: TensorView): string {
  const size = `${type}[${shape.join("×")}]`;
  if (channels !== undefined) return `${size} ${channels} scales`;
  return scale === undefined ? size : `${size} scale ${Number(scale.toPrecision(6))} zero ${zeroPoint}`;
}

function packText({ operators, ...header }: PackView): string {
  const fields = Object.entries(header).map(([name, value]: [string, unknown]) => [
    name,
    Array.isArray(value) ? value.join(", ") : String(value),
  ]);
  const rows = operators.map(({ kernel, code, parameters }, i) => [i, kernel, code, parameters.length]);
  return `${textTable(["field", "value"], fields)}\n${textTable(["#", "operator", "code", "parameters"], rows)}`;
}
