import { createContext, runInContext, Script } from "node:vm";
import type { BackendName } from "../../../boards/board.js";
import { probeScript, type ProbeHost } from "../../jsvars/probe-script.js";
import type { CompiledModel } from "../compile.js";
import { packSegments } from "../pack-segments.js";
import { countBlocks, COUNTS } from "./count-blocks.js";
import { NativeCounters } from "./native-counters.js";

/** Instructions that Espruino executes for one operator. */
export interface OperatorInstructions {
  /** Of the interpreter, while it runs the script's text. */
  readonly interpreter: number;
  /** Of the engine's own loops. */
  readonly loops: number;
}

/** What an inference takes. */
export interface InferenceCost {
  /** For each operator of `report.operators`. */
  readonly operators: readonly OperatorInstructions[];
  /** JsVars that it takes while it runs and gives back, about: lists that native loops return, and the calls. */
  readonly runningJsVars: number;
}

/** Backends whose work is script, or native loops that a script calls. */
const WEIGHED: readonly BackendName[] = ["loops", "espruino"];

/** JsVars of the calls around a native loop, their variables included: 30 to 57 measured on Espruino with 14-byte JsVars. */
const CALL_VARS = 45;

/**
 * Counts what an inference makes Espruino do: the device's code runs here once on pseudo-random input, and every piece
 * of its text that runs is weighed.
 * @returns undefined for a backend that is not the device's code
 */
export async function inferenceCost({ pack, report }: CompiledModel): Promise<InferenceCost | undefined> {
  const { kernels, backend } = report;
  if (!WEIGHED.includes(backend)) return undefined;
  const { code, blockInstructions } = countBlocks(await probeScript(kernels, backend));
  const natives = new NativeCounters();
  const counts = blockInstructions.map(() => 0);
  const totals: OperatorInstructions[] = [];
  const host: ProbeHost = {
    open: () => packSegments(pack),
    hold: (input) => input?.set(input.map((_, i) => (i * 89 + 17) & 255)),
    start: () => {
      natives.start();
      const text = counts.reduce((sum, count, block) => sum + count * blockInstructions[block]!, 0);
      totals.push({ interpreter: text + natives.correction, loops: natives.loops });
    },
    whole: false,
    use: () => undefined,
  };
  const context = createContext({ sertaoHost: host, [COUNTS]: counts, ...natives.globals });
  natives.watch(runInContext("globalThis", context) as typeof globalThis);
  new Script(code).runInContext(context);
  const operators = totals.slice(1).map(({ interpreter, loops }, i) => ({
    interpreter: interpreter - totals[i]!.interpreter,
    loops: loops - totals[i]!.loops,
  }));
  return { operators, runningJsVars: natives.mostListVars + CALL_VARS };
}
