import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeviceError } from "../../../lib/core/device-error.js";
import { PackFormat, PackHeader } from "../../../lib/nn/pack-format.js";
import { SertaoError } from "../../../scripts/errors/sertao-error.js";
import { compileModel } from "../../../scripts/model/compile.js";
import { hostInterpreter } from "../../../scripts/model/golden-vectors.js";
import { inspectModel } from "../../../scripts/model/inspect.js";
import { openPack } from "../../../scripts/model/model-file.js";
import { seal } from "../../../scripts/model/pack-writer.js";
import { readTflite } from "../../../scripts/model/tflite/reader.js";
import { smallConvNet } from "../../support/small-models.js";

const model = smallConvNet();
const { pack } = compileModel(model, { rounding: "tflm" });
const SETTINGS = { seed: 4711, numRuns: 800 };

/** True where reading and compiling either works or ends with an error that has a code. */
function survives(bytes: Uint8Array): boolean {
  try {
    inspectModel(readTflite(bytes));
    compileModel(bytes, { rounding: "tflm" });
    return true;
  } catch (error) {
    if (error instanceof SertaoError) return true;
    throw error;
  }
}

/** True where a pack either runs or is refused with a code. */
function packSurvives(bytes: Uint8Array): boolean {
  try {
    const interpreter = hostInterpreter(bytes);
    interpreter.invoke();
    interpreter.selfTest();
    return true;
  } catch (error) {
    if (error instanceof DeviceError) return true;
    throw error;
  }
}

describe(".tflite files", () => {
  it("cut short at every length end with an error", () => {
    for (let length = 0; length < model.length; length += length < 512 ? 1 : 7) {
      expect(survives(model.slice(0, length)), `${length} bytes`).toBe(true);
    }
  });

  it("with changed bytes compile or end with an error", () => {
    const edits = fc.array(
      fc.tuple(fc.integer({ min: 0, max: model.length - 1 }), fc.constantFrom(0, 1, 127, 128, 255), fc.boolean()),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(edits, (list) => {
        const bytes = model.slice();
        for (const [at, value, flip] of list) bytes[at] = flip ? bytes[at]! ^ (1 << (value & 7)) : value;
        expect(survives(bytes)).toBe(true);
      }),
      SETTINGS,
    );
  });

  it("with 32-bit numbers replaced by extremes compile or end with an error", () => {
    for (let at = 0; at + 4 <= Math.min(model.length, 2400); at += 4) {
      for (const value of [0xffffffff, 0x7fffffff, model.length]) {
        const bytes = model.slice();
        new DataView(bytes.buffer).setUint32(at, value, true);
        expect(survives(bytes), `${value} at ${at}`).toBe(true);
      }
    }
  });
});

describe(".smod files", () => {
  it("cut short at every length are refused", () => {
    for (let length = 0; length < pack.length; length++) {
      expect(() => openPack(pack.slice(0, length)), `${length} bytes`).toThrow(SertaoError);
    }
  });

  it("with any flipped bit are refused", () => {
    for (let bit = 0; bit < pack.length * 8; bit += bit < 1200 ? 1 : 13) {
      const bytes = pack.slice();
      bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
      expect(() => openPack(bytes), `bit ${bit}`).toThrow(/MODEL_PACK_REFUSED/);
    }
  });

  it("with wrong contents and right checksums run or are refused", () => {
    const list = new DataView(pack.buffer).getUint32(PackHeader.OPERATORS, true);
    const words = new DataView(pack.buffer).getUint32(PackHeader.OPERATOR_WORDS, true);
    for (let word = 0; word < words; word++) {
      for (const value of [0, -1, 1, 255, 65535, 0x7fffffff, -0x80000000]) {
        const bytes = pack.slice();
        new DataView(bytes.buffer).setInt32(list + word * 4, value, true);
        seal(bytes, 1);
        expect(packSurvives(bytes), `${value} in word ${word}`).toBe(true);
      }
    }
    for (let at = PackHeader.TOTAL_BYTES; at < PackFormat.FIXED_HEADER_BYTES; at += 4) {
      for (const value of [0, 1, 0xffffffff, 0x7fffffff, 4096]) {
        const bytes = pack.slice();
        new DataView(bytes.buffer).setUint32(at, value, true);
        seal(bytes, 1);
        expect(packSurvives(bytes), `${value} at ${at}`).toBe(true);
      }
    }
  });

  it("whose windows lie outside the image are refused, by both backends", () => {
    for (const backend of ["loops", "espruino"] as const) {
      const own = compileModel(model, { rounding: "tflm", backend }).pack;
      const list = new DataView(own.buffer).getUint32(PackHeader.OPERATORS, true);
      // The first operator is a convolution; 8 and 9 are its window's strides, 12 and 13 the padding.
      for (const [word, values] of [
        [8, [2, 5000]],
        [9, [2, 5000]],
        [12, [-1, 3, 5000]],
        [13, [-1, 3, 5000]],
      ] as const) {
        for (const value of values) {
          const bytes = own.slice();
          new DataView(bytes.buffer).setInt32(list + word * 4, value, true);
          seal(bytes, 1);
          expect(() => hostInterpreter(bytes), `${value} in word ${word}`).toThrow("E205");
        }
      }
    }
  });

  it("of another major version are refused", () => {
    const bytes = pack.slice();
    new DataView(bytes.buffer).setUint16(PackHeader.VERSION, 2, true);
    seal(bytes, 1);
    expect(() => openPack(bytes)).toThrow("format version 2");
  });
});
