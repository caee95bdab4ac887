import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder, runCommand } from "../../scripts/engine/run-command.js";
import { jsVarLayout } from "../../scripts/jsvars/jsvar-layout.js";
import { measureModelJsVars, measureRunningJsVars } from "../../scripts/jsvars/measure-jsvars.js";
import { modelJsVars } from "../../scripts/jsvars/model-jsvars.js";
import { compileModel, type CompileOptions } from "../../scripts/model/compile.js";
import { inferenceCost } from "../../scripts/model/cost/inference-cost.js";
import { STATEMENTS } from "../scripts/jsvars/statements.js";
import { loadGolden } from "../support/golden.js";
import { shared } from "../support/shared.js";
import { floatEndedConvNet, movingNet, smallConvNet } from "../support/small-models.js";

const FIELD = "espruino-field";
const LAYOUTS = {
  [FIELD]: jsVarLayout({ count: 16383, bytesEach: 14 }),
  espruino: jsVarLayout({ count: 65536, bytesEach: 27 }),
};
const GREATEST_RUNNING_ERROR = 25;
const BACKENDS = ["loops", "espruino"] as const;
const REFERENCE_MODELS = [
  "tflm_hello_world_int8",
  "mlperf_ad_autoencoder",
  "tflm_micro_speech",
  "arduino_magic_wand",
  "mlperf_kws_dscnn",
  "mlperf_ic_resnet8",
];

async function expectCounted(model: Uint8Array, engine: keyof typeof LAYOUTS, options: CompileOptions): Promise<void> {
  const { pack, report } = compileModel(model, options);
  const backend = options.backend ?? "loops";
  const counted = await modelJsVars(pack, report.kernels, backend, LAYOUTS[engine]);
  expect(counted.total).toBe(await measureModelJsVars(pack, report.kernels, backend, engine));
  const { arena, scratch, views, tables, structures } = counted;
  expect(arena + scratch + views + tables + structures).toBe(counted.total);
}

describe.skipIf(findCommand(FIELD) === undefined)(`JsVars on Espruino as on an ESP32 (needs ${FIELD})`, () => {
  it("are for single statements what they are counted as", async () => {
    const lines = await inFolder(async (folder) => {
      const script = STATEMENTS.map(([statement], i) => {
        const code = `!function(){var a,b;look();${statement};look()}()`;
        return `storage.write("s${i}",${JSON.stringify(code)});eval(storage.read("s${i}"));`;
      });
      const start = `var storage=require("Storage"),before=-1;
var look=function(){var used=process.memory().usage;if(before<0)before=used;else{print("@"+(used-before));before=-1}};
new Int8Array(new Uint8Array(1).buffer,0,1);new Float64Array(1);Math.ceil(0.5);look();look();
`;
      await writeFile(join(folder, "statements.js"), `${start}${script.join("\n")}\nprint("@end");\n`);
      return runCommand({ command: findCommand(FIELD)!, args: ["statements.js"], folder, holdInput: true });
    });
    const measured = lines.slice(1, -1).map((line, i) => [STATEMENTS[i]?.[0], Number(line.slice(1))]);
    expect(measured).toEqual(STATEMENTS);
  });

  it.each(BACKENDS)("of small networks are those counted, by the %s backend", async (backend) => {
    for (const model of [smallConvNet(), floatEndedConvNet(3), movingNet()]) {
      await expectCounted(model, FIELD, { rounding: "tflm", backend });
    }
    await expectCounted(smallConvNet(), FIELD, { rounding: "xnnpack", backend });
    await expectCounted(smallConvNet(), FIELD, { rounding: "tflm", backend, exactOnly: true });
  });

  it("that an inference takes for a while are about those estimated", async () => {
    const compiled = compileModel(smallConvNet(), { rounding: "tflm", backend: "espruino" });
    const { runningJsVars } = (await inferenceCost(compiled))!;
    const measured = await measureRunningJsVars(compiled.pack, compiled.report.kernels, FIELD);
    expect(Math.abs(runningJsVars - measured)).toBeLessThan(GREATEST_RUNNING_ERROR);
    expect(measured).toBeGreaterThan(2 * GREATEST_RUNNING_ERROR);
  });

  describe.skipIf(!shared)("of the reference models (needs ../shared)", () => {
    for (const name of REFERENCE_MODELS)
      for (const backend of BACKENDS)
        it(`${name}, ${backend}`, () => expectCounted(loadGolden(name).model, FIELD, { rounding: "tflm", backend }));
  });
});

describe.skipIf(findCommand("espruino") === undefined)(
  "JsVars on Espruino for Linux (needs the command espruino)",
  () => {
    it.each(BACKENDS)("of a small network are those counted, by the %s backend", (backend) =>
      expectCounted(smallConvNet(), "espruino", { rounding: "tflm", backend }),
    );
  },
);
