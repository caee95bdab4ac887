import type { Command } from "commander";
import { textTable } from "../../fleet/show/text-table.js";
import { inspectModel, type TensorView } from "../../model/inspect.js";
import { readModelFile } from "../../model/model-file.js";
import { packView } from "../../model/pack-view.js";
import { readTflite } from "../../model/tflite/reader.js";

/** `sertao model inspect`: operators, tensors, quantization and multiply-accumulates of a `.tflite` or `.smod` file. */
export function modelInspectCommand(model: Command): void {
  model
    .command("inspect")
    .description("show operators, tensors, quantization and multiply-accumulates")
    .argument("<file>", "a .tflite or .smod file")
    .option("--json", "print JSON")
    .action((path: string, options: { json?: boolean }) => {
      const file = readModelFile(path);
      if (file.kind === "smod") {
        const view = packView(file.pack, file.bytes);
        console.log(
          options.json ? JSON.stringify(view) : textTable(["field", "value"], Object.entries(view).map(pair)),
        );
        return;
      }
      const view = inspectModel(readTflite(file.bytes, path));
      if (options.json) return console.log(JSON.stringify(view));
      console.log(`${view.macs} MACs, ${view.parameterBytes} bytes of parameters`);
      for (const tensor of view.inputs) console.log(`input  ${tensor.name}: ${describe(tensor)}`);
      for (const tensor of view.outputs) console.log(`output ${tensor.name}: ${describe(tensor)}`);
      const rows = view.operators.map(({ index, name, version, inputs, outputs, macs }) => [
        String(index),
        `${name} v${version}`,
        inputs.map((input) => (view.tensors[input] ? describe(view.tensors[input]) : "-")).join("; "),
        outputs.map((output) => describe(view.tensors[output]!)).join("; "),
        String(macs),
      ]);
      console.log(textTable(["#", "operator", "inputs", "outputs", "MACs"], rows));
    });
}

function describe({ type, shape, scale, zeroPoint, channels }: TensorView): string {
  const size = `${type}[${shape.join("×")}]`;
  if (channels !== undefined) return `${size} ${channels} scales`;
  return scale === undefined ? size : `${size} scale ${Number(scale.toPrecision(6))} zero ${zeroPoint}`;
}

function pair([name, value]: [string, unknown]): string[] {
  return [name, Array.isArray(value) ? value.join(", ") : String(value)];
}
