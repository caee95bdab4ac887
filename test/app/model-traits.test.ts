import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { modelTraits } from "../../lib/app/model-traits.js";
import type { FileStore } from "../../lib/hal/file-store.js";
import { PackFormat, PackHeader } from "../../lib/nn/pack-format.js";
import { compileModel, type CompiledModel } from "../../scripts/model/compile.js";
import { kernels } from "../../scripts/model/kernels.js";
import { openPack } from "../../scripts/model/model-file.js";

let model: CompiledModel;
beforeAll(() => {
  const file = readFileSync("firmware/apps/orchard-frost/model/model.tflite");
  model = compileModel(file, { rounding: "tflm" });
});

/** A store of one file, whose front alone may be asked for. */
function store(bytes: Uint8Array | undefined): FileStore {
  const pieces = (name: string, pieceBytes: number): ArrayBuffer[] => {
    if (name !== "model.a" || bytes === undefined) return [];
    const list: ArrayBuffer[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) list.push(bytes.slice(at, at + pieceBytes).buffer);
    return list;
  };
  return { pieces } as unknown as FileStore;
}

describe("what an update must fit of the model in use", () => {
  it("is what its pack says", () => {
    const pack = openPack(model.pack);
    const [arenaBytes, operators, ...shape] = modelTraits(store(model.pack), "model.a");
    expect(arenaBytes).toBe(pack.field(PackHeader.ARENA_BYTES) + pack.field(PackHeader.SCRATCH_BYTES));
    expect(shape).toEqual([pack.field(PackHeader.INPUT_BYTES), pack.field(PackHeader.OUTPUT_BYTES)]);
    // One for each layer, in their order.
    expect(operators).toHaveLength(pack.field(PackHeader.OPERATOR_COUNT));
    expect([...new Set(operators)].sort()).toEqual(model.report.kernels.map((name) => kernels[name]!.code).sort());
  });

  it("is nothing where there is no file, or one that is no pack", () => {
    const none = [0, new Uint8Array(0), 0, 0];
    expect(modelTraits(store(undefined), "model.a")).toEqual(none);
    expect(modelTraits(store(model.pack), "model.b")).toEqual(none);
    expect(modelTraits(store(new Uint8Array(PackFormat.FIXED_HEADER_BYTES).fill(9)), "model.a")).toEqual(none);
  });
});
