import { createContext, Script } from "node:vm";
import { engineFailed } from "../errors/engine.js";
import type { ScriptEngine } from "./engine.js";
import { explained, thrownText } from "./explain.js";
import { hostFor } from "./in-process-host.js";

/** Node itself, in a realm of its own. */
export const node: ScriptEngine = {
  name: "node",
  backends: ["loops"],
  find: () => "",
  run(job) {
    const lines: string[] = [];
    const context = createContext({ sertaoHost: hostFor(job, (line) => void lines.push(line)) });
    try {
      new Script(job.code).runInContext(context);
    } catch (error) {
      return Promise.reject(engineFailed("node", explained(thrownText(error))));
    }
    return Promise.resolve(lines);
  },
};
