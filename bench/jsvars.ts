/**
 * What prepared models hold of Espruino's memory: counted by the compiler, and measured with process.memory() on an
 * engine of this machine with an ESP32's JsVars. Run: npm run bench:jsvars [-- ENGINE]
 */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

type Compile = typeof import("../scripts/model/compile.js");
type Commands = typeof import("../scripts/engine/find-command.js");
type Layout = typeof import("../scripts/jsvars/jsvar-layout.js");
type Measure = typeof import("../scripts/jsvars/measure-jsvars.js");
type Count = typeof import("../scripts/jsvars/model-jsvars.js");
type Table = typeof import("../scripts/fleet/show/text-table.js");

const dist = (path: string): string => new URL(`../dist/scripts/${path}`, import.meta.url).href;
const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { compileModel } = (await import(dist("model/compile.js"))) as Compile;
const { findCommand } = (await import(dist("engine/find-command.js"))) as Commands;
const { jsVarLayout } = (await import(dist("jsvars/jsvar-layout.js"))) as Layout;
const { measureModelJsVars } = (await import(dist("jsvars/measure-jsvars.js"))) as Measure;
const { modelJsVars } = (await import(dist("jsvars/model-jsvars.js"))) as Count;
const { textTable } = (await import(dist("fleet/show/text-table.js"))) as Table;

const MODELS = [
  "firmware/apps/orchard-frost/model/model.tflite",
  "../shared/models/tflm_hello_world_int8.tflite",
  "../shared/models/mlperf_ad_autoencoder.tflite",
  "../shared/models/tflm_micro_speech.tflite",
  "../shared/models/arduino_magic_wand.tflite",
  "../shared/models/mlperf_kws_dscnn.tflite",
  "../shared/models/mlperf_ic_resnet8.tflite",
];
const BACKENDS = ["loops", "espruino"] as const;
const JSVARS: Record<string, { count: number; bytesEach: number }> = {
  "espruino-field": { count: 16383, bytesEach: 14 },
  espruino: { count: 65536, bytesEach: 27 },
};

const engine = process.argv[2] ?? "espruino-field";
const jsVars = JSVARS[engine];
if (jsVars === undefined || findCommand(engine) === undefined) {
  console.error(`${engine} is not there: name one of ${Object.keys(JSVARS).join(", ")}, on PATH.`);
  process.exit(1);
}
const rows: (string | number)[][] = [];
for (const path of MODELS.filter((model) => existsSync(file(model)))) {
  const tflite = new Uint8Array(readFileSync(file(path)));
  for (const backend of BACKENDS) {
    const { pack, report } = compileModel(tflite, { rounding: "tflm", backend });
    const { total, arena, scratch, views, tables, structures } = await modelJsVars(
      pack,
      report.kernels,
      backend,
      jsVarLayout(jsVars),
    );
    const measured = await measureModelJsVars(pack, report.kernels, backend, engine);
    const name = path.includes("orchard") ? "orchard-frost" : basename(path, ".tflite");
    rows.push([name, backend, arena, scratch, views, tables, structures, total, measured]);
  }
}
const heads = ["model", "backend", "arena", "scratch", "views", "tables", "structures", "counted", "measured"];
console.log(textTable(heads, rows));
