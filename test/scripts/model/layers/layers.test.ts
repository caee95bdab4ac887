import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { crc32 } from "../../../../lib/core/crc32.js";
import { engineNamed } from "../../../../scripts/engine/engines.js";
import { compileModel } from "../../../../scripts/model/compile.js";
import { LayerComparison } from "../../../../scripts/model/layers/compare-layers.js";
import { compareRuns } from "../../../../scripts/model/layers/compare-runs.js";
import type { Layer } from "../../../../scripts/model/layers/layer.js";
import { layerRun, type LayerRun } from "../../../../scripts/model/layers/layer-run.js";
import { sameStructure } from "../../../../scripts/model/layers/same-structure.js";
import { writeDump, type DumpIndex } from "../../../../scripts/model/layers/write-dump.js";
import { openPack, type ModelFile } from "../../../../scripts/model/model-file.js";
import { writeTflite } from "../../../../scripts/model/tflite/writer.js";
import { loadGolden } from "../../../support/golden.js";
import { shared, sharedPath } from "../../../support/shared.js";
import { floatEndedConvNet, sequence, smallConvNet, wideDense } from "../../../support/small-models.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-layers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const node = engineNamed("node");
const tflite = (bytes: Uint8Array): ModelFile => ({ kind: "tflite", bytes });
const smod = (bytes: Uint8Array): ModelFile => ({ kind: "smod", bytes, pack: openPack(bytes) });
const run = (file: ModelFile, rounding?: string): LayerRun =>
  layerRun(file, { engine: node, backend: "loops", rounding });
const next = sequence(5);
const inputs = Uint8Array.from({ length: 192 * 20 }, () => next() * 256);

function layer(shape: readonly number[], changes: Partial<Layer> = {}): Layer {
  const common = { node: 0, operator: "RELU", tensor: 1, name: "out", type: "int8" as const };
  return { ...common, shape, scale: 0.5, zeroPoint: -10, ...changes };
}

describe("comparing layers", () => {
  it("finds the first element, counts those that differ, and tells values as stored and as numbers", () => {
    const layers = [layer([2, 3]), layer([2])];
    const comparison = new LayerComparison(layers, layers);
    const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
    comparison.add([bytes(1, 2, 3, 4, 5, 6), bytes(7, 8)], [bytes(1, 2, 3, 4, 5, 6), bytes(7, 8)]);
    comparison.add([bytes(1, 2, 3, 4, 5, 6), bytes(7, 8)], [bytes(1, 2, 3, 4, 5, 6), bytes(7, 9)]);
    comparison.add([bytes(1, 2, 3, 4, 5, 6), bytes(7, 8)], [bytes(1, 2, 3, 4, 255, 5), bytes(7, 8)]);
    expect(comparison.first).toEqual({
      record: 2,
      layer: 0,
      index: [1, 1],
      storedA: 5,
      storedB: -1,
      realA: 7.5,
      realB: 4.5,
    });
    expect(comparison.differences).toMatchObject([
      { elements: 18, differing: 2, records: 1, greatestStored: 6, greatestReal: 3 },
      { elements: 6, differing: 1, records: 1, greatestStored: 1, first: { record: 1, index: [1] } },
    ]);
  });

  it("compares numbers that are not quantized as they are", () => {
    const float = layer([3], { type: "float32", scale: undefined, zeroPoint: undefined });
    const comparison = new LayerComparison([float], [float]);
    const bytes = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
    comparison.add([bytes(NaN, 0, 1.5)], [bytes(NaN, -0, 1.25)]);
    expect(comparison.first).toMatchObject({ index: [2], storedA: 1.5, realB: 1.25 });
    expect(comparison.differences[0]).toMatchObject({ differing: 1, greatestReal: 0.25 });
  });

  it("compares two versions of a network, in which everything may differ but the structure", async () => {
    const [a, b] = [run(tflite(smallConvNet(1))), run(tflite(smallConvNet(2)))];
    const comparison = await compareRuns(a, b, sameStructure(a, b), inputs, () => undefined);
    expect(comparison.records).toBe(20);
    expect(comparison.first).toMatchObject({ record: 0, layer: 0 });
    expect(comparison.differences.map(({ elements }) => elements / 20)).toEqual([512, 512, 512, 8, 8, 4, 4]);
  });

  it("compares a pack by its output, with a model or a pack", async () => {
    const { pack } = compileModel(smallConvNet(1), { rounding: "xnnpack" });
    const [a, b] = [run(tflite(smallConvNet(1)), "xnnpack"), run(smod(pack))];
    for (const [one, other] of [
      [a, b],
      [b, a],
      [b, b],
    ] as const) {
      const layers = sameStructure(one, other);
      expect(layers.outputOnly).toBe(true);
      const comparison = await compareRuns(one, other, layers, inputs, () => undefined);
      expect([comparison.first, comparison.differences[0]!.elements]).toEqual([undefined, 80]);
    }
    expect(() => run(smod(pack), "tflm")).toThrow("MODEL_ROUNDING");
  });

  it("refuses models of another structure", () => {
    const refused = (a: ModelFile, b: ModelFile): string => {
      try {
        sameStructure(run(a), run(b));
      } catch (error) {
        return (error as Error).message;
      }
      return "accepted";
    };
    const chain = (...operators: ("RELU" | "TANH")[]): ModelFile => {
      const tensor = { name: "t", shape: [1, 4], type: "int8" as const };
      const quantization = { scale: [1 / 128], zeroPoint: [0] };
      const tensors = [tensor, ...operators.map(() => tensor)].map((each) => ({ ...each, quantization }));
      const steps = operators.map((operator, i) => ({ operator, inputs: [i], outputs: [i + 1] }));
      return tflite(writeTflite({ tensors, operators: steps, inputs: [0], outputs: [operators.length] }));
    };
    expect(refused(chain("RELU"), chain("RELU"))).toBe("accepted");
    expect(refused(chain("RELU"), chain("TANH"))).toContain("operator 0 is RELU and TANH");
    expect(refused(chain("RELU"), chain("RELU", "TANH"))).toContain("operator 1, TANH, is in the second alone");
    expect(refused(chain("RELU", "TANH"), chain("RELU"))).toContain("operator 1, TANH, is in the first alone");
    expect(refused(tflite(wideDense(8, 4)), tflite(wideDense(8, 5)))).toContain("int8[1×4] and int8[1×5]");
    expect(refused(chain("RELU"), tflite(wideDense(8, 4)))).toContain("the inputs have 4 and 8 bytes");
  });
});

describe("a dump", () => {
  it("names every operator's output, its file and its checksum", async () => {
    const model = floatEndedConvNet(3);
    const { engine, backend, rounding, inputBytes, layers, run: runLayers } = run(tflite(model));
    const [outputs = []] = await runLayers(new Uint8Array(inputBytes));
    const about = { model: "net.tflite", engine, backend, rounding, record: 0 };
    const target = join(folder, "float");
    const index = writeDump(target, about, layers, outputs);
    const written = JSON.parse(readFileSync(join(target, "index.json"), "utf8")) as DumpIndex;
    expect(written).toEqual(JSON.parse(JSON.stringify(index)));
    expect(written).toMatchObject({
      ...about,
      layers: [{ operator: "QUANTIZE", type: "int8", zeroPoint: -3 }, {}, {}, {}, { type: "float32", shape: [1, 5] }],
    });
    for (const { file, bytes, crc32: crc, shape, type } of written.layers) {
      const content = new Uint8Array(readFileSync(join(target, file)));
      expect(content.length).toBe(bytes);
      expect(bytes).toBe(shape.reduce((product, size) => product * size, type === "float32" ? 4 : 1));
      expect((crc32(content) >>> 0).toString(16).padStart(8, "0")).toBe(crc);
    }
    expect(readdirSync(target)).toHaveLength(layers.length + 1);
  });

  it("shows what an operator without work reads, also where it comes first and its input is overwritten", async () => {
    const tensor = (name: string, shape: number[]) => ({
      name,
      shape,
      type: "int8" as const,
      quantization: { scale: [0.1], zeroPoint: [0] },
    });
    const model = writeTflite({
      tensors: [tensor("in", [1, 4]), tensor("turned", [2, 2]), tensor("out", [2, 2])],
      operators: [
        { operator: "RESHAPE", inputs: [0], outputs: [1], options: { new_shape: [2, 2] } },
        { operator: "RELU", inputs: [1], outputs: [2] },
      ],
      inputs: [0],
      outputs: [2],
    });
    const [outputs] = await run(tflite(model)).run(Uint8Array.of(250, 3, 128, 7));
    expect(outputs!.map((bytes) => [...bytes])).toEqual([
      [250, 3, 128, 7],
      [0, 3, 0, 7],
    ]);
  });
});

describe.skipIf(!shared)("the reference models (needs ../shared)", () => {
  const NAMES = [
    "tflm_hello_world_int8",
    "mlperf_ad_autoencoder",
    "tflm_micro_speech",
    "arduino_magic_wand",
    "mlperf_kws_dscnn",
    "mlperf_ic_resnet8",
  ];

  it.each(NAMES)("%s: a dump of record 0 has the reference's bytes in every layer", async (name) => {
    const { model, inputs: all, inputBytes } = loadGolden(name);
    const { engine, backend, rounding, layers, run: runLayers } = run(tflite(model));
    const [outputs = []] = await runLayers(all.subarray(0, inputBytes));
    const target = join(folder, name);
    writeDump(target, { model: name, engine, backend, rounding, record: 0 }, layers, outputs);
    const known = new Set(readdirSync(sharedPath("goldens", name, "layers_0")));
    const compared = layers.filter(({ tensor }) => known.has(`t${tensor}.bin`));
    expect(compared.length).toBeGreaterThan(layers.length / 2);
    for (const { node: operator, tensor } of compared) {
      const expected = readFileSync(sharedPath("goldens", name, "layers_0", `t${tensor}.bin`));
      expect(readFileSync(join(target, `${operator}-t${tensor}.bin`)).equals(expected), `tensor ${tensor}`).toBe(true);
    }
  });

  it.each(NAMES.filter((name) => !/resnet/.test(name)))(
    "%s: the roundings part in as many outputs as the references of both",
    async (name) => {
      const { model, inputs: all, outputs } = loadGolden(name);
      const [a, b] = [run(tflite(model), "tflm"), run(tflite(model), "xnnpack")];
      const comparison = await compareRuns(a, b, sameStructure(a, b), all, () => undefined);
      const expected = outputs.tflm.reduce((sum, value, i) => sum + (value === outputs.xnnpack[i] ? 0 : 1), 0);
      expect(comparison.differences.at(-1)!.differing).toBe(expected);
      expect(comparison.differences.at(-1)!.elements).toBe(outputs.tflm.length);
    },
  );
});
