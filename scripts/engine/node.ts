import { createContext, Script } from "node:vm";
import { engineFailed } from "../errors/engine.js";
import type { ScriptEngine } from "./engine.js";
import { explained } from "./explain.js";
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
      // Of the script's realm, where classes are others.
      return Promise.reject(engineFailed("node", explained(String(error))));
    }
    return Promise.resolve(lines);
  },
};
