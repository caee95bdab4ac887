import { createContext, Script } from "node:vm";
import type { ScriptEngine } from "./engine.js";
import { hostFor } from "./in-process-host.js";

/** Node itself, in a realm of its own. */
export const node: ScriptEngine = {
  name: "node",
  backends: ["loops"],
  find: () => "",
  run(job) {
    const lines: string[] = [];
    const context = createContext({ sertaoHost: hostFor(job, (line) => void lines.push(line)) });
    new Script(job.code).runInContext(context);
    return Promise.resolve(lines);
  },
};
