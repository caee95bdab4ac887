import { engineMissing, engineUnknown } from "../errors/engine.js";
import { duk } from "./duk.js";
import { ENGINES, type ScriptEngine, type ScriptEngineName } from "./engine.js";
import { espruino } from "./espruino.js";
import { jerry } from "./jerry.js";
import { mqjs } from "./mqjs.js";
import { node } from "./node.js";
import { quickjs } from "./quickjs.js";

/** Every engine, in the order of the documents. A new one is a file here and a line below. */
export const engines: readonly ScriptEngine[] = [node, quickjs, espruino, jerry, mqjs, duk];

/** The engine of a name. Throws SertaoError ENGINE_UNKNOWN or ENGINE_MISSING. */
export function engineNamed(name: string): ScriptEngine {
  const engine = engines.find((candidate) => candidate.name === (name as ScriptEngineName));
  if (engine === undefined) throw engineUnknown(name, ENGINES.join(", "));
  if (engine.find() === undefined) throw engineMissing(name);
  return engine;
}
