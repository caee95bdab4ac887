import type { BackendName } from "../../../boards/board.js";
import { PackHeader } from "../../../lib/nn/pack-format.js";
import type { ScriptEngine } from "../../engine/engine.js";
import { DUMP_ALL, runModel } from "../../engine/run-model.js";
import { roundingUnknown } from "../../errors/model.js";
import { compileModel } from "../compile.js";
import { openPack, type ModelFile } from "../model-file.js";
import { packView } from "../pack-view.js";
import { roundingNamed, type Rounding } from "../rounding.js";
import { operatorTaps } from "../taps.js";
import { readTflite } from "../tflite/reader.js";
import { layerOf, packOutput, type Layer } from "./layer.js";

/** How a model is run. */
export interface RunChoice {
  readonly engine: ScriptEngine;
  readonly backend: BackendName;
  /** tflm where left out; a pack has its own. */
  readonly rounding?: string | undefined;
}

/** A model ready to run, with every operator's output to see. */
export interface LayerRun {
  readonly engine: string;
  readonly backend: BackendName;
  readonly rounding: Rounding;
  readonly inputBytes: number;
  /** Every operator's output, or the model's output alone. */
  readonly layers: readonly Layer[];
  /** True where the other layers cannot be seen: of a pack, and where one operator does the whole model. */
  readonly showsOutputOnly: boolean;
  /** The bytes of every layer, for each record of `inputs`. */
  run(inputs: Uint8Array): Promise<Uint8Array[][]>;
}

/**
 * Prepares a model to be run.
 * @throws SertaoError MODEL_ROUNDING, and MODEL_ codes of the compiler
 */
export function layerRun(file: ModelFile, choice: RunChoice): LayerRun {
  return file.kind === "tflite" ? tfliteRun(file.bytes, choice) : packRun(file, choice);
}

function tfliteRun(bytes: Uint8Array, { engine, backend, rounding: named = "tflm" }: RunChoice): LayerRun {
  const rounding = roundingNamed(named);
  const model = readTflite(bytes);
  const { pack, report } = compileModel(bytes, { rounding, backend });
  const found = operatorTaps(report);
  const taps = found.flatMap(({ operator, offset, bytes: length }) => [operator, offset, length]);
  return {
    engine: engine.name,
    backend,
    rounding,
    inputBytes: openPack(pack).field(PackHeader.INPUT_BYTES),
    layers: found.map(({ node, tensor }) => layerOf(model, node, tensor)),
    showsOutputOnly: found.length === 1 && model.operators.length > 1,
    async run(inputs) {
      const { dumped } = await runModel(engine, pack, inputs, { backend, taps, dump: DUMP_ALL });
      return groups(dumped, found.length);
    },
  };
}

function packRun(file: ModelFile & { kind: "smod" }, { engine, backend, rounding: named }: RunChoice): LayerRun {
  const { bytes, pack } = file;
  const rounding = roundingNamed(packView(pack).rounding);
  checkRounding(rounding, named);
  const outputBytes = pack.field(PackHeader.OUTPUT_BYTES);
  return {
    engine: engine.name,
    backend,
    rounding,
    inputBytes: pack.field(PackHeader.INPUT_BYTES),
    layers: [packOutput(pack)],
    showsOutputOnly: true,
    async run(inputs) {
      const { outputs } = await runModel(engine, bytes, inputs, { backend });
      const records = outputs.length / outputBytes;
      return Array.from({ length: records }, (_, k) => [outputs.subarray(k * outputBytes, (k + 1) * outputBytes)]);
    },
  };
}

/** A pack's rounding was settled when it was compiled. Throws SertaoError MODEL_ROUNDING. */
export function checkRounding(rounding: Rounding, wanted: string | undefined): void {
  if (wanted !== undefined && roundingNamed(wanted) !== rounding) {
    throw roundingUnknown(`The pack was compiled with the ${rounding} rounding`);
  }
}

function groups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: items.length / size }, (_, k) => items.slice(k * size, (k + 1) * size));
}
