import { existsSync, readFileSync } from "node:fs";
import { sharedPath } from "./shared.js";

/** The reference models and what TensorFlow Lite Micro makes of their inputs. Only for tests that `shared` guards. */
export interface Golden {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: Uint8Array;
  readonly inputBytes: number;
  readonly records: number;
  readonly outputs: { readonly tflm: Uint8Array; readonly xnnpack: Uint8Array };
  readonly outputBytes: number;
  /** CRC-32 of every operator's output in the tflm rounding, by record; some models have every so many records only. */
  readonly layers: ReadonlyMap<number, readonly string[]>;
}

export function loadGolden(name: string): Golden {
  const file = (part: string): Uint8Array => new Uint8Array(readFileSync(sharedPath("goldens", name, part)));
  const manifest = JSON.parse(Buffer.from(file("manifest.json")).toString()) as {
    inputs: { bytes: number }[];
    outputs: { bytes: number }[];
  };
  const layers = JSON.parse(Buffer.from(file("layer_crc32.json")).toString()) as {
    records: string[][];
    record_step: number;
  };
  const inputBytes = manifest.inputs[0]!.bytes;
  const xnnpack = file("outputs_single_rounding_all.bin");
  const outputBytes = manifest.outputs[0]!.bytes;
  const records = xnnpack.length / outputBytes;
  const all = (kind: string): Uint8Array =>
    existsSync(sharedPath("goldens", name, `${kind}s_all.bin`))
      ? file(`${kind}s_all.bin`)
      : new Uint8Array(Buffer.concat(Array.from({ length: records }, (_, k) => file(`${kind}_${k}.bin`))));
  return {
    name,
    model: new Uint8Array(readFileSync(sharedPath("models", `${name}.tflite`))),
    inputs: all("input"),
    inputBytes,
    records,
    outputs: { tflm: all("output"), xnnpack },
    outputBytes,
    layers: new Map(layers.records.map((crcs, k) => [k * layers.record_step, crcs])),
  };
}
