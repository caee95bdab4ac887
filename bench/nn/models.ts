import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A model to measure, with an input for it. */
export interface BenchModel {
  readonly name: string;
  readonly tflite: Uint8Array;
  /** Of `bytes` bytes: a record where there is one, or a fixed sequence. What is zero after a RELU costs less. */
  input(bytes: number): Uint8Array;
}

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const SHARED = [
  "tflm_hello_world_int8",
  "mlperf_ad_autoencoder",
  "tflm_micro_speech",
  "arduino_magic_wand",
  "mlperf_kws_dscnn",
  "mlperf_ic_resnet8",
];

const PATHS: Record<string, string> = {
  "orchard-frost": "firmware/apps/orchard-frost/model/model.tflite",
  ...Object.fromEntries(SHARED.map((name) => [name, `../shared/models/${name}.tflite`])),
};

/** The models that are on this machine, in order; only those named where names are given. */
export function benchModels(only: readonly string[] | undefined): BenchModel[] {
  return Object.entries(PATHS)
    .filter(([name, path]) => existsSync(file(path)) && (only === undefined || only.includes(name)))
    .map(([name, path]) => ({
      name,
      tflite: new Uint8Array(readFileSync(file(path))),
      input: (bytes) => recordOf(name, bytes),
    }));
}

function recordOf(name: string, bytes: number): Uint8Array {
  const golden = file(`../shared/goldens/${name}/input_0.bin`);
  if (existsSync(golden)) return new Uint8Array(readFileSync(golden)).subarray(0, bytes);
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 37 + (i >> 3) * 11) & 255);
}
