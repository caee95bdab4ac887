import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { crc32 } from "../../lib/core/crc32.js";
import { int8, oneOperator, runModelOnce } from "./reference/one-operator.js";

// Made by TensorFlow Lite's own C++ kernels: reference-tables.cc beside the file says how.
const lines = readFileSync(new URL("../fixtures/nn/reference-tables.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");
const all = Int8Array.from({ length: 256 }, (_, i) => i - 128);

function crcOf(values: Int8Array): string {
  return crc32(new Uint8Array(values.buffer, values.byteOffset, values.length))
    .toString(16)
    .padStart(8, "0");
}

/** The fields of the lines of a kind. */
function fieldsOf(kind: string): string[][] {
  return lines.map((line) => line.split(" ")).filter(([first]) => first === kind);
}

it("LOGISTIC and TANH have the reference's bytes for every input", () => {
  const tables = fieldsOf("table");
  expect(tables).toHaveLength(60);
  for (const [, scale, zero, logistic, tanh] of tables) {
    const input = int8([256], Number(scale), Number(zero));
    const files = {
      [logistic!]: oneOperator("LOGISTIC", [input, int8([256], 1 / 256, -128)]),
      [tanh!]: oneOperator("TANH", [input, int8([256], 1 / 128, 0)]),
    };
    for (const [crc, file] of Object.entries(files)) {
      for (const backend of ["loops", "espruino"] as const) {
        expect(crcOf(runModelOnce(file, all, { rounding: "tflm", backend })), `${scale} ${zero}`).toBe(crc);
      }
    }
  }
});

it("SOFTMAX has the reference's bytes, for up to 4,000 classes", () => {
  const cases = fieldsOf("softmax");
  expect(cases).toHaveLength(60);
  for (const [, scale, beta, rows, depth, seed, crc] of cases) {
    const shape = [Number(rows), Number(depth)];
    const file = oneOperator("SOFTMAX", [int8(shape, Number(scale), 5), int8(shape, 1 / 256, -128)], {
      beta: Number(beta),
    });
    let state = Number(seed);
    const input = Int8Array.from({ length: shape[0]! * shape[1]! }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state >> 24;
    });
    for (const backend of ["loops", "espruino"] as const) {
      expect(crcOf(runModelOnce(file, input, { rounding: "tflm", backend })), `${scale} ${rows} ${depth}`).toBe(crc);
    }
  }
});
