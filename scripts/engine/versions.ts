import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import type { ScriptEngine } from "./engine.js";

/** A job without a model. */
const NOTHING = {
  pack: new Uint8Array(8),
  inputs: new Uint8Array(1),
  inputBytes: 1,
  records: 0,
  taps: [],
  dump: -1,
  repeats: 0,
};

/** What an engine says it is. */
export async function engineVersion(engine: ScriptEngine): Promise<string> {
  const command = engine.find();
  if (engine.name === "node") return process.version;
  if (engine.name === "quickjs") {
    const require = createRequire(import.meta.url);
    return `quickjs-emscripten ${(require("quickjs-emscripten/package.json") as { version: string }).version}`;
  }
  if (command === undefined) return "absent";
  if (engine.name === "espruino") {
    const code = 'sertaoHost.print("@version "+process.env.VERSION);sertaoHost.print("@end");\n';
    const lines = await engine.run({ ...NOTHING, code });
    return lines[0]!.slice("@version ".length);
  }
  if (engine.name === "jerry")
    return firstLine(
      execFileSync(command, ["--version"], { encoding: "utf8", timeout: 5000, input: "" }),
      /\d+\.\d+\S*/,
    );
  if (engine.name === "duk") {
    return firstLine(
      spawnSync(command, ["-e", "print(Duktape.version)"], { encoding: "utf8", timeout: 5000, input: "" }).stdout,
      /\d{5}/,
    );
  }
  return "no version of its own";
}

function firstLine(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0] ?? "unknown";
}
