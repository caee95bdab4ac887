import { getQuickJS } from "quickjs-emscripten";
import { engineFailed } from "../errors/engine.js";
import type { ScriptEngine } from "./engine.js";
import { explained, thrownText } from "./explain.js";
import { hostPieces } from "./host-text.js";

/** QuickJS as WebAssembly: on every machine. */
export const quickjs: ScriptEngine = {
  name: "quickjs",
  backends: ["loops"],
  find: () => "",
  async run(job) {
    const engine = await getQuickJS();
    using context = engine.newContext();
    const lines: string[] = [];
    using print = context.newFunction("print", (line) => void lines.push(context.getString(line)));
    context.setProp(context.global, "print", print);
    for (const piece of [...hostPieces(job, { print: "print", nowMs: "Date.now()" }), job.code]) {
      const result = context.evalCode(piece, "model.js");
      if (result.error) {
        const problem: unknown = context.dump(result.error);
        result.error.dispose();
        throw engineFailed("quickjs", explained(thrownText(problem)));
      }
      result.value.dispose();
    }
    return lines;
  },
};
