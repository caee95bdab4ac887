/**
 * What an inference costs: each model on each engine of this machine, by each backend, against a plain port of the
 * reference kernels and against the engine's bare multiply-accumulate in the same run. Writes docs/benchmarks.md, unless
 * the figures spread too far. Run: npm run bench:nn [-- MODEL,... ENGINE,...]
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { engines } from "./nn/dist.ts";
import { GREATEST_SPREAD, measure, measureStorage, type Measurement } from "./nn/measure.ts";
import { benchModels, type BenchModel } from "./nn/models.ts";
import { cells, page, type Row } from "./nn/page.ts";

const [onlyModels, onlyEngines] = process.argv.slice(2).map((list) => list.split(","));
const rows: Row[] = [];

for (const model of benchModels(onlyModels)) {
  for (const engine of engines) {
    if (engine.find() === undefined || (onlyEngines && !onlyEngines.includes(engine.name))) continue;
    note(model, await measure(model, engine));
    if (engine.name === "espruino") note(model, await measureStorage(model));
  }
}

const wide = rows.filter(({ measurement }) => measurement.spread > GREATEST_SPREAD);
if (wide.length > 0) {
  const which = wide.map((row) => cells(row).slice(0, 3).join(", ")).join("; ");
  console.error(`The figures spread too far to be published: ${which}. Run again on a quieter machine.`);
  process.exitCode = 1;
} else if (!onlyModels && !onlyEngines) {
  const path = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
  writeFileSync(path, await format(await page(rows), { ...(await resolveConfig(path)), parser: "markdown" }));
  console.log("wrote docs/benchmarks.md");
}
process.exit();

function note(model: BenchModel, measurements: readonly Measurement[]): void {
  for (const measurement of measurements) {
    rows.push({ model, measurement });
    const storage = measurement.variant.storage ? ["weights in Storage"] : [];
    console.log([...cells({ model, measurement }), ...storage].join("  "));
  }
}
