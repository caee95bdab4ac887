/**
 * What an inference costs: each model on each engine of this machine, by each backend, against a plain port of the
 * reference kernels and against the engine's bare multiply-accumulate in the same run. Writes docs/benchmarks.md, unless
 * the figures spread too far. Run: npm run bench:nn [-- MODEL,... ENGINE,...]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

type Engines = typeof import("../scripts/engine/engines.js");
type RunModel = typeof import("../scripts/engine/run-model.js");
type Script = typeof import("../scripts/engine/model-script.js");
type Compile = typeof import("../scripts/model/compile.js");
type Bare = typeof import("../scripts/engine/bare-rate.js");
type Versions = typeof import("../scripts/engine/versions.js");

const dist = (path: string): string => new URL(`../dist/scripts/${path}`, import.meta.url).href;
const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { engines } = (await import(dist("engine/engines.js"))) as Engines;
const { runModel } = (await import(dist("engine/run-model.js"))) as RunModel;
const { operatorScript } = (await import(dist("engine/model-script.js"))) as Script;
const { compileModel } = (await import(dist("model/compile.js"))) as Compile;
const { bareRate } = (await import(dist("engine/bare-rate.js"))) as Bare;
const { engineVersion } = (await import(dist("engine/versions.js"))) as Versions;

const MODELS: Record<string, string> = {
  "orchard-frost": "firmware/apps/orchard-frost/model/model.tflite",
  tflm_hello_world_int8: "../shared/models/tflm_hello_world_int8.tflite",
  mlperf_ad_autoencoder: "../shared/models/mlperf_ad_autoencoder.tflite",
  tflm_micro_speech: "../shared/models/tflm_micro_speech.tflite",
  arduino_magic_wand: "../shared/models/arduino_magic_wand.tflite",
  mlperf_kws_dscnn: "../shared/models/mlperf_kws_dscnn.tflite",
  mlperf_ic_resnet8: "../shared/models/mlperf_ic_resnet8.tflite",
};
/** Runs are repeated until the fastest half lies within this of the fastest. */
const GREATEST_SPREAD = 0.25;
const ATTEMPTS = 6;
/** Above this many multiply-accumulates the naive port runs once: a minute and more on Espruino. */
const LONG_MACS = 2e6;

const [onlyModels, onlyEngines] = process.argv.slice(2).map((list) => list.split(","));
const rows: string[][] = [];
const tooWide: string[] = [];

for (const [name, path] of Object.entries(MODELS)) {
  if (!existsSync(file(path)) || (onlyModels && !onlyModels.includes(name))) continue;
  const tflite = new Uint8Array(readFileSync(file(path)));
  for (const engine of engines) {
    if (engine.find() === undefined || (onlyEngines && !onlyEngines.includes(engine.name))) continue;
    const naive = await naiveMs(engine, tflite);
    for (const backend of engine.backends) {
      // The firmware's own code is not what is measured here.
      if (backend === "tensorflow") continue;
      const bare = await bareRate(engine, backend === "espruino");
      const { pack, report } = compileModel(tflite, { rounding: "tflm", backend });
      const { ms, spread } = await steadyMs(engine, pack, backend, report.macs);
      if (spread > GREATEST_SPREAD)
        tooWide.push(`${name} on ${engine.name}, ${backend}: ${(100 * spread).toFixed(0)} %`);
      const nsPerMac = (ms * 1e6) / report.macs;
      const row = [
        name,
        engine.name,
        backend,
        ms < 10 ? ms.toFixed(2) : ms.toFixed(0),
        nsPerMac.toFixed(1),
        `${(naive / ms).toFixed(1)}×`,
        bare.toFixed(1),
        (nsPerMac / bare).toFixed(2),
        `${(100 * spread).toFixed(0)} %`,
      ];
      rows.push(row);
      console.log(row.join("  "));
    }
  }
}

if (tooWide.length > 0) {
  console.error(`The figures spread too far to be published: ${tooWide.join("; ")}. Run again on a quieter machine.`);
  process.exitCode = 1;
} else if (!onlyModels && !onlyEngines) {
  writeFileSync(file("docs/benchmarks.md"), await page());
  console.log("wrote docs/benchmarks.md");
}
process.exit();

type Engine = Engines["engines"][number];

/** One inference by the reference kernels, loop for loop, in milliseconds. */
async function naiveMs(engine: Engine, tflite: Uint8Array): Promise<number> {
  const { pack, report } = compileModel(tflite, { rounding: "tflm", backend: "loops", exactOnly: true });
  const naive: Record<string, string> = {
    CONV_2D: "naiveConv2d",
    DEPTHWISE_CONV_2D: "naiveDepthwiseConv2d",
    FULLY_CONNECTED: "naiveFullyConnected",
  };
  const imports = report.kernels.map((kernel) => {
    const own = naive[kernel];
    const slug = kernel.toLowerCase().replace(/_/g, "-");
    const known = slug.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    return own === undefined
      ? { name: known, from: `./operators/${slug}.js` }
      : { name: own, from: `../../bench/nn/naive-${slug}.js` };
  });
  const source =
    imports.map(({ name, from }) => `import { ${name} } from "${from}";\n`).join("") +
    `export const operators = [${imports.map(({ name }) => name).join(", ")}];\n`;
  const code = await operatorScript(source, "loops");
  const repeats = engine.name === "espruino" && report.macs > LONG_MACS ? 1 : 2;
  const inputs = new Uint8Array(inputBytes(pack));
  const { times } = await runModel(engine, pack, inputs, { backend: "loops", code, repeats });
  return Math.min(...times);
}

/** The median of several runs, again and again until the faster half agrees. */
async function steadyMs(engine: Engine, pack: Uint8Array, backend: "loops" | "espruino", macs: number) {
  const inputs = new Uint8Array(inputBytes(pack));
  let best = { ms: Infinity, spread: Infinity };
  // The loops of Espruino take up to a minute: they are there to compare with.
  const slow = engine.name === "espruino" && backend === "loops" && macs > LONG_MACS;
  let repeats = slow ? 1 : 3;
  for (let attempt = 0; attempt < (slow ? 1 : ATTEMPTS) && best.spread > GREATEST_SPREAD; attempt++) {
    const run = await runModel(engine, pack, inputs, { backend, repeats });
    const times = [...run.times].sort((a, b) => a - b);
    const ms = times[(times.length - 1) >> 1]!;
    const spread = (ms - times[0]!) / Math.max(times[0]!, 1e-6);
    if (spread < best.spread) best = { ms, spread };
    // Clocks count whole milliseconds on some engines: short runs need many.
    repeats = Math.min(400, Math.max(5, Math.ceil(2000 / Math.max(ms, 1))));
  }
  return best;
}

function inputBytes(pack: Uint8Array): number {
  return new DataView(pack.buffer, pack.byteOffset).getUint32(44, true);
}

async function page(): Promise<string> {
  const versions: string[] = [];
  for (const engine of engines) {
    if (engine.find() !== undefined) versions.push(`- ${engine.name}: ${await engineVersion(engine)}`);
  }
  const heads = [
    "model",
    "engine",
    "backend",
    "ms",
    "ns per MAC",
    "against a plain port",
    "bare ns per MAC",
    "ratio",
    "spread",
  ];
  return [
    "# Benchmarks",
    "",
    "Generated by `npm run bench:nn`: do not edit. No microcontroller was measured; ratios carry over, times do not.",
    "",
    `Machine: ${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores.`,
    "",
    ...versions,
    "",
    "The plain port is the reference kernels of TensorFlow Lite Micro, loop for loop, with exact integer requantization, on",
    "the same engine in the same run. The bare rate is a loop of multiply-accumulates over two Int8Arrays of 1,024 elements,",
    "or `E.convolve` over the same for the `espruino` backend; the ratio compares the whole inference with it. On Espruino",
    "the weights lie in flat RAM, which stands in for a microcontroller's mapped flash.",
    "",
    `| ${heads.join(" | ")} |`,
    `| ${heads.map((_, i) => (i < 3 ? "---" : "---:")).join(" | ")} |`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  ].join("\n");
}
