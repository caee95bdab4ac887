import { createContext, Script } from "node:vm";
import type { BackendName } from "../../boards/board.js";
import { crc32 } from "../../lib/core/crc32.js";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { packSegments } from "../model/pack-segments.js";
import { countHeap, type HeapCounts } from "./heap-count.js";
import { HeapRecorder } from "./heap-recorder.js";
import { instrument, RECORDER } from "./instrument.js";
import type { JsVarLayout } from "./jsvar-layout.js";
import { probeScript, type ProbeHost } from "./probe-script.js";

/** JsVars that a prepared model holds until the device restarts. */
export interface ModelJsVars {
  readonly total: number;
  readonly arena: number;
  readonly scratch: number;
  /** Typed arrays that show a piece of arena, scratch, tables or pack. */
  readonly views: number;
  /** Tables that operators make in memory; those of the pack stay in flash. */
  readonly tables: number;
  /** Interpreter, operators, their numbers and lists, and what names the pack in flash. */
  readonly structures: number;
}

/**
 * Counts what a model takes of Espruino's memory: the code that prepares it on the device runs here, on the pack, and
 * every object, variable and number that it leaves behind is counted by the engine's own layout.
 * @param kernels names of the operators, `report.kernels` of the compiled model
 */
export async function modelJsVars(
  pack: Uint8Array,
  kernels: readonly string[],
  backend: BackendName,
  layout: JsVarLayout,
): Promise<ModelJsVars> {
  const script = instrument(await probeScript(kernels, backend));
  const segments = packSegments(pack);
  const { before, after, arena } = recordPrepare(script, segments, layout);
  const flash = segments.reduce((sum, segment) => sum + after.buffers.get(segment)!, 0);
  const scratchBytes = new DataView(pack.buffer, pack.byteOffset).getUint32(PackHeader.SCRATCH_BYTES, true);
  const made = [...after.buffers].filter(([buffer]) => !before.buffers.has(buffer) && !segments.includes(buffer));
  const scratch = made.find(([buffer]) => buffer !== arena && buffer.byteLength === scratchBytes)?.[1] ?? 0;
  const memory = made.reduce((sum, [, vars]) => sum + vars, 0);
  const arenaVars = after.buffers.get(arena)!;
  const views = after.views - before.views;
  const structures = after.structures - before.structures + flash;
  return {
    total: memory + views + structures,
    arena: arenaVars,
    scratch,
    views,
    tables: memory - arenaVars - scratch,
    structures,
  };
}

interface Recorded {
  readonly before: HeapCounts;
  readonly after: HeapCounts;
  readonly arena: ArrayBuffer;
}

/** Runs the script up to its prepared model. What follows would run it, with natives that do nothing. */
function recordPrepare(script: string, segments: ArrayBuffer[], layout: JsVarLayout): Recorded {
  const recorder = new HeapRecorder();
  const inFlash = new Set(segments);
  let before: HeapCounts | undefined;
  let recorded: Recorded | undefined;
  const prepared = new Error("prepared");
  const host: ProbeHost = {
    open: () => segments,
    start: () => undefined,
    whole: false,
    use: () => undefined,
    hold(input) {
      const counts = countHeap(recorder, layout, inFlash, [host]);
      if (before === undefined || input === undefined) before = counts;
      else {
        recorded = { before, after: counts, arena: input.buffer as ArrayBuffer };
        throw prepared;
      }
    },
  };
  const engine = anything();
  // Espruino's clamping array cuts where the standard rounds; operators find that out and keep what they found.
  const withCrc = new Proxy(engine, { get: (_, name) => (name === "CRC32" ? crc32 : engine) });
  const globals = { E: withCrc, Graphics: engine, require: () => engine, Uint8ClampedArray: Uint8Array };
  const context = createContext({ sertaoHost: host, [RECORDER]: recorder, ...globals });
  try {
    new Script(script).runInContext(context);
  } catch (error) {
    if (error !== prepared) throw error;
  }
  return recorded!;
}

/** Stands for the engine's objects: preparing a model asks them whether memory is flat, and keeps their functions. */
function anything(): object {
  const stand: object = new Proxy(() => undefined, {
    get: (target, name) => (typeof name === "string" && name !== "prototype" ? stand : Reflect.get(target, name)),
    apply: () => stand,
  });
  return stand;
}
