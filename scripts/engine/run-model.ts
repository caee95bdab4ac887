import type { BackendName } from "../../boards/board.js";
import { openModelPack } from "../../lib/nn/model-pack.js";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { backendMissing, engineFailed, packForBackend } from "../errors/engine.js";
import { inputSize } from "../errors/model.js";
import { onlyBackend } from "../model/kernels.js";
import { packKernels } from "../model/pack-kernels.js";
import type { ScriptEngine } from "./engine.js";
import { modelScript } from "./model-script.js";

/** Asks for the tapped outputs of every record. */
export const DUMP_ALL = -2;

export interface RunOptions {
  readonly backend: BackendName;
  /** Outputs of operators to report: [operator, arena offset, bytes, ...]. */
  readonly taps?: readonly number[];
  /** The record whose tapped outputs are returned in full, or DUMP_ALL. */
  readonly dump?: number;
  /** Timed runs of the first record. */
  readonly repeats?: number;
  /** Inferences in each of them: clocks count whole milliseconds on some engines. */
  readonly batch?: number;
  /** Leaves out everything but the timed runs. */
  readonly timesOnly?: boolean;
  /** The script to run instead of the one with the pack's operators. */
  readonly code?: string;
}

export interface ModelRun {
  /** Output tensors of all records, one after another. */
  readonly outputs: Uint8Array;
  /** For each record but the dumped one, the CRC-32 of each tapped output in order. */
  readonly crcs: readonly (readonly string[])[];
  /** Tapped outputs of the dumped records, one record after another. */
  readonly dumped: readonly Uint8Array[];
  /** Milliseconds of an inference, for each timed run. */
  readonly times: readonly number[];
}

/**
 * Runs records through a pack on an engine.
 * @param inputs raw input tensors, one after another
 * @throws SertaoError ENGINE_FAILED, BACKEND_MISSING, MODEL_INPUT_SIZE
 */
export async function runModel(
  engine: ScriptEngine,
  pack: Uint8Array,
  inputs: Uint8Array,
  { backend, taps = [], dump = -1, repeats = 0, batch = 1, timesOnly = false, code }: RunOptions,
): Promise<ModelRun> {
  if (!engine.backends.includes(backend)) throw backendMissing(backend, engine.name);
  const inputBytes = openModelPack(new Uint8Array(pack).buffer).field(PackHeader.INPUT_BYTES);
  const records = inputs.length / inputBytes;
  if (!Number.isInteger(records) || records < 1) throw inputSize(inputs.length, inputBytes);
  const kernels = packKernels(pack);
  const wanted = kernels.map(onlyBackend).find((only) => only !== undefined && only !== backend);
  if (wanted !== undefined) throw packForBackend(wanted);
  if (backend === "tensorflow" && !kernels.some((kernel) => onlyBackend(kernel) === backend)) {
    throw packForBackend("loops");
  }
  const script = code ?? (await modelScript(kernels, backend));
  const job = { code: script, pack, inputs, inputBytes, taps, dump, repeats, batch };
  const lines = await engine.run({ ...job, records: timesOnly ? 0 : records });
  if (lines.at(-1) !== "@end") throw engineFailed(engine.name, "it ended early");
  return readLines(lines);
}

function readLines(lines: readonly string[]): ModelRun {
  const outputs: Uint8Array[] = [];
  const crcs: string[][] = [];
  const dumped: Uint8Array[] = [];
  const times: number[] = [];
  let current: string[] = [];
  for (const line of lines) {
    const [kind, first = "", second = ""] = line.split(" ");
    if (kind === "@crc") current.push(second.padStart(8, "0"));
    else if (kind === "@dump") dumped.push(fromHex(second));
    else if (kind === "@ms") times.push(Number(first));
    else if (kind === "@out") {
      outputs.push(fromHex(first));
      crcs.push(current);
      current = [];
    }
  }
  return { outputs: new Uint8Array(Buffer.concat(outputs)), crcs, dumped, times };
}

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}
