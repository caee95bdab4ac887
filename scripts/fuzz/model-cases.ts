import { PackFormat, PackHeader } from "../../lib/nn/pack-format.js";
import { compileModel } from "../model/compile.js";
import { seal } from "../model/pack-writer.js";
import type { ModelDescription } from "../model/tflite/writer-model.js";
import { writeTflite } from "../model/tflite/writer.js";
import { SeededRandom } from "../readings/seeded-random.js";
import { absurdModel } from "./absurd-model.js";
import { cutShort, flipped, oneOf, rewritten } from "./damage.js";
import { floatNetDescription, tinyNetDescription, wideNetDescription } from "./tiny-net.js";

/** One hostile input. */
export interface ModelCase {
  /** How it was made. */
  readonly kind: string;
  readonly format: "tflite" | "smod";
  readonly bytes: Uint8Array;
  /** True for a pack whose checksums were corrupted or that ends early: it must be refused. */
  readonly mustBeRefused: boolean;
}

interface Sound {
  readonly description: ModelDescription;
  readonly tflite: Uint8Array;
  readonly packs: readonly Uint8Array[];
}

let sound: Sound[] | undefined;

/**
 * The models that are damaged: one of nearly every operator, one with float32 ends, and one whose pack has two segments;
 * each for two backends.
 */
function soundModels(): Sound[] {
  sound ??= [tinyNetDescription(), floatNetDescription(), wideNetDescription()].map((description) => {
    const tflite = writeTflite(description);
    const packs = (["loops", "espruino"] as const).map(
      (backend) => compileModel(tflite, { rounding: "tflm", backend, labels: [] }).pack,
    );
    return { description, tflite, packs };
  });
  return sound;
}

type Make = (random: SeededRandom, model: Sound) => ModelCase;

const tflite =
  (kind: string, make: (random: SeededRandom, model: Sound) => Uint8Array): Make =>
  (random, model) => ({ kind, format: "tflite", bytes: make(random, model), mustBeRefused: false });

const smod =
  (kind: string, mustBeRefused: boolean, make: (random: SeededRandom, pack: Uint8Array) => Uint8Array): Make =>
  (random, model) => ({ kind, format: "smod", bytes: make(random, oneOf(random, model.packs)), mustBeRefused });

const MAKERS: readonly Make[] = [
  tflite("a .tflite file cut short", (random, { tflite: file }) => cutShort(random, file)),
  tflite("a .tflite file with flipped bits", (random, { tflite: file }) => flipped(random, file)),
  tflite("a .tflite file with other words", (random, { tflite: file }) => rewritten(random, file)),
  tflite("a model that makes no sense", (random, { description }) => absurdModel(random, description)),
  tflite("a model that makes no sense, with other words", (random, { description }) =>
    rewritten(random, absurdModel(random, description)),
  ),
  smod("a .smod file cut short", true, cutShort),
  smod("a .smod file with a flipped bit", true, (random, pack) => {
    const copy = pack.slice();
    const at = random.below(copy.length);
    copy[at] = copy[at]! ^ (1 << random.below(8));
    return copy;
  }),
  smod("a .smod file with another header and repaired checksums", false, (random, pack) =>
    sealed(rewritten(random, pack, PackHeader.TOTAL_BYTES, PackFormat.FIXED_HEADER_BYTES)),
  ),
  smod("a .smod file with other operators and repaired checksums", false, (random, pack) =>
    sealed(rewritten(random, pack, ...operatorList(pack))),
  ),
  smod("a .smod file with other operators and constants, and repaired checksums", false, (random, pack) =>
    sealed(flipped(random, rewritten(random, pack, ...operatorList(pack)), PackFormat.FIXED_HEADER_BYTES + 4)),
  ),
];

function operatorList(pack: Uint8Array): [number, number] {
  const view = new DataView(pack.buffer, pack.byteOffset);
  const from = view.getUint32(PackHeader.OPERATORS, true);
  return [from, from + 4 * view.getUint32(PackHeader.OPERATOR_WORDS, true)];
}

/** What a forger does: the checksums fit again, so that the deeper checks are reached. */
function sealed(pack: Uint8Array): Uint8Array {
  seal(pack, Math.ceil(pack.length / PackFormat.SEGMENT_BYTES));
  return pack;
}

/** Case `index` of a seed: the same on every machine. */
export function modelCase(seed: number, index: number): ModelCase {
  const random = new SeededRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0);
  const [tiny, float, wide] = soundModels() as [Sound, Sound, Sound];
  return MAKERS[index % MAKERS.length]!(random, oneOf(random, [tiny, tiny, tiny, tiny, tiny, float, float, wide]));
}
