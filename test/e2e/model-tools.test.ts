import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compileModel } from "../../scripts/model/compile.js";
import { sequence, smallConvNet } from "../support/small-models.js";
import { built, sertao } from "./sertao-command.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-model-"));
const next = sequence(21);
const inputs = Uint8Array.from({ length: 192 * 3 }, () => next() * 256);
writeFileSync(join(folder, "net.tflite"), smallConvNet());
writeFileSync(join(folder, "trained-again.tflite"), smallConvNet(2));
writeFileSync(join(folder, "net.smod"), compileModel(smallConvNet(), { rounding: "tflm" }).pack);
writeFileSync(join(folder, "in.bin"), inputs);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (command: string) => sertao(folder, command.split(" "));
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

describe.skipIf(!built)("sertao model (needs dist, npm run build)", () => {
  it("compile prints what the model takes of a board, with a drawing and as JSON", async () => {
    const text = await run("model compile net.tflite -o a.smod --board esp32 --arena-svg arena.svg");
    expect(text).toMatchObject({ status: 0, stderr: "" });
    expect(text.stdout).toMatch(/^esp32: \d+ of 4000 JsVars of 14 bytes, \d+ left: arena \d+, scratch \d+, views \d+/m);
    expect(text.stdout).toMatch(/^ {2}ESP32 at 240 MHz: \S+\/\S+\/\S+ ms \(low\/mid\/high\)$/m);
    expect(text.stdout).toContain("estimated, not measured");
    expect(read("arena.svg")).toContain("net.tflite: tensor arena");
    const json = await run("model compile net.tflite -o b.smod --board esp32 --json");
    const { operators, board, estimates, packBytes, packBytesBy } = JSON.parse(json.stdout) as {
      operators: { kernel: string; macs: number }[];
      board: { jsVars: { total: number }; jsVarsLeft: number; jsVarsBudget: number };
      estimates: { cpu: string; operators: { ms: { low: number } }[] }[];
      packBytes: number;
      packBytesBy: Record<string, number>;
    };
    expect(board.jsVars.total + board.jsVarsLeft).toBe(board.jsVarsBudget);
    expect(text.stdout).toContain(`esp32: ${board.jsVars.total} of`);
    expect(estimates.map(({ cpu }) => cpu)).toEqual(["esp32"]);
    expect(estimates[0]!.operators).toHaveLength(operators.length);
    expect(Object.values(packBytesBy).reduce((sum, bytes) => sum + bytes)).toBe(packBytes);
  });

  it("dump writes a record's layers, the same that run --dump writes for the first", async () => {
    const dumped = await run("model dump net.tflite --input in.bin -o dump --record 2 --engine quickjs --json");
    expect(dumped).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(read("dump/index.json"))).toEqual(JSON.parse(dumped.stdout));
    expect(JSON.parse(dumped.stdout)).toMatchObject({ model: "net.tflite", engine: "quickjs", record: 2 });
    const first = await run("model dump net.tflite --input in.bin -o first");
    expect(first.stdout).toMatch(/^4 {2}RESHAPE +int8\[1×8\] +8 +[0-9a-f]{8} +4-t10\.bin$/m);
    await run("model run net.tflite --input in.bin --output out.bin --dump ran");
    const files = readdirSync(join(folder, "first"));
    expect(files).toHaveLength(8);
    expect(readdirSync(join(folder, "ran"))).toEqual(files);
    for (const file of files) expect(read(`ran/${file}`)).toBe(read(`first/${file}`));
  });

  it("diff ends with 0 where nothing differs, between engines and between a model and its pack", async () => {
    const engines = await run("model diff net.tflite net.tflite --input in.bin --engine-b quickjs");
    expect(engines).toMatchObject({ status: 0, stderr: "" });
    expect(engines.stdout).toMatch(/^equal: \d+ elements of 7 layers in 3 records$/m);
    const pack = await run("model diff net.tflite net.smod --input in.bin --json");
    expect(pack.status).toBe(0);
    expect(JSON.parse(pack.stdout)).toMatchObject({ equal: true, outputOnly: true, records: 3 });
  });

  it("diff ends with 1 where something does, and says where", async () => {
    const text = await run("model diff net.tflite trained-again.tflite --input in.bin");
    expect(text).toMatchObject({ status: 1, stderr: "" });
    expect(text.stdout).toMatch(
      /^they part first in operator 0, CONV_2D \(conv\), record 0, element \[0, \d, \d, \d\]:$/m,
    );
    expect(text.stdout).toMatch(/^ {2}A -?\d+ \(\S+\), B -?\d+ \(\S+\)$/m);
    const json = await run("model diff net.tflite net.tflite --input in.bin --rounding-b xnnpack --json");
    const { equal, first, layers } = JSON.parse(json.stdout) as {
      equal: boolean;
      first: { layer: number; storedA: number; storedB: number } | undefined;
      layers: { operator: string; elements: number; differing: number }[];
    };
    expect(json.status).toBe(equal ? 0 : 1);
    expect(layers.map(({ elements }) => elements)).toEqual([512, 512, 512, 8, 8, 4, 4].map((each) => each * 3));
    const differing = layers.findIndex((layer) => layer.differing > 0);
    expect(first?.layer).toBe(differing < 0 ? undefined : differing);
    expect(equal).toBe(differing < 0);
  });

  it("inspect shows options and constants of a model, and the operators of a pack", async () => {
    const model = await run("model inspect net.tflite");
    expect(model.stdout).toMatch(/^7 operators, \d+ MACs, \d+ bytes of parameters$/m);
    expect(model.stdout).toMatch(
      /^0 {2}CONV_2D v3 +SAME, RELU +int8\[1×8×8×3\] scale 0.02 zero -5 +int8\[8×3×3×3\] 8 scales; int32\[8\] /m,
    );
    const json = JSON.parse((await run("model inspect net.tflite --json")).stdout) as {
      operators: { options?: object }[];
      tensors: { scales?: number[]; axis?: number }[];
    };
    expect(json.operators[1]!.options).toMatchObject({ padding: "SAME", stride_w: 1, depth_multiplier: 1 });
    expect(json.tensors[4]).toMatchObject({ axis: 3 });
    expect(json.tensors[4]!.scales).toHaveLength(8);
    const pack = await run("model inspect net.smod");
    expect(pack.stdout).toMatch(/^0 {2}CONV_2D +2 +\d+$/m);
    const { operators } = JSON.parse((await run("model inspect net.smod --json")).stdout) as {
      operators: { kernel: string; code: number; parameters: number[] }[];
    };
    expect(operators.map(({ kernel }) => kernel)).toEqual(expect.arrayContaining(["CONV_2D", "ADD", "SOFTMAX"]));
    expect(operators.every(({ parameters }) => parameters.length > 0)).toBe(true);
  });
});
