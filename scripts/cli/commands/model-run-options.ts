import { engineNamed } from "../../engine/engines.js";
import { inputSize, recordMissing } from "../../errors/model.js";
import { backendNamed } from "../../model/backends.js";
import type { RunChoice } from "../../model/layers/layer-run.js";

/** What the options --engine, --backend and --rounding say. Throws SertaoError ENGINE_UNKNOWN or ENGINE_MISSING. */
export function runChoice(engine: string, backend: string, rounding: string | undefined): RunChoice {
  return { engine: engineNamed(engine), backend: backendNamed(backend), rounding };
}

/** How many records an input file holds. Throws SertaoError MODEL_INPUT_SIZE. */
export function recordCount(inputs: Uint8Array, inputBytes: number): number {
  const records = inputs.length / inputBytes;
  if (!Number.isInteger(records) || records < 1) throw inputSize(inputs.length, inputBytes);
  return records;
}

/** One record of an input file. Throws SertaoError MODEL_INPUT_SIZE or MODEL_RECORD_MISSING. */
export function recordOf(inputs: Uint8Array, inputBytes: number, named: string): { record: number; input: Uint8Array } {
  const records = recordCount(inputs, inputBytes);
  const record = Number(named);
  if (!/^\d+$/.test(named) || record >= records) throw recordMissing(named, records);
  return { record, input: inputs.subarray(record * inputBytes, (record + 1) * inputBytes) };
}
