import { join } from "node:path";
import type { BackendName } from "../../boards/board.js";
import { DeviceProgram } from "../bundle/device-program.js";
import { foreignNames } from "../bundle/foreign-names.js";
import { link } from "../bundle/link.js";
import { minify } from "../bundle/minify.js";
import { packageRoot } from "../bundle/package-root.js";
import { operatorsModuleSource } from "../model/operators-module.js";

/** Members of RunnerHost, which the script meets as a global. */
const HOST_NAMES = ["pack", "records", "fill", "print", "nowMs", "taps", "dump", "repeats", "batch"];

const built = new Map<string, Promise<string>>();

/**
 * The interpreter with some operators as one ES5 script, made as for devices, that runs `sertaoHost`.
 * @param kernels names of the operators, `report.kernels` of a compiled model
 */
export function modelScript(kernels: readonly string[], backend: BackendName): Promise<string> {
  return operatorScript(operatorsModuleSource(kernels, backend, "."), backend);
}

/**
 * The same with operators from elsewhere, to compare with.
 * @param source of the module `sertao:operators`
 */
export function operatorScript(source: string, backend: BackendName): Promise<string> {
  const key = `${backend}:${source}`;
  let script = built.get(key);
  if (script === undefined) {
    script = build(source, backend);
    built.set(key, script);
  }
  return script;
}

/**
 * The pack reader and the interpreter with some operators alone, for its size: with everything an application calls.
 */
export function interpreterScript(kernels: readonly string[], backend: BackendName): Promise<string> {
  const entry = [
    'import { Interpreter } from "./interpreter.js";',
    'import { openModelPack } from "./model-pack.js";',
    'import { operators } from "sertao:operators";',
    "declare const sertaoHost: { pack: ArrayBuffer; fill(interpreter: Interpreter, ready: boolean): void };",
    "const interpreter = new Interpreter(openModelPack(sertaoHost.pack), operators);",
    "interpreter.prepare();",
    "sertaoHost.fill(interpreter, interpreter.selfTest() && interpreter.invoke() === 0);",
    "interpreter.step(1, { nowMs: () => 0, after: () => 0, cancel: () => undefined });",
  ].join("\n");
  return build(operatorsModuleSource(kernels, backend, "."), backend, entry);
}

async function build(source: string, backend: BackendName, ownEntry?: string): Promise<string> {
  const port = join(packageRoot, "firmware", "platform", "espruino");
  const entry = join(packageRoot, "lib", "nn", "run-entry.ts");
  const operators = join(packageRoot, "lib", "nn", "run-operators.ts");
  const sources = new Map([
    [operators, source],
    [entry, ownEntry ?? entrySource(backend, port)],
  ]);
  const aliases = new Map([["sertao:operators", operators]]);
  const declarations = backend === "espruino" ? [join(port, "globals.d.ts")] : [];
  const program = new DeviceProgram(entry, aliases, sources, declarations);
  const foreign = new Set([...foreignNames(program.program), ...HOST_NAMES]);
  const { code } = await minify(await link(program, entry), foreign);
  return code;
}

function entrySource(backend: BackendName, port: string): string {
  const native = backend === "espruino";
  return [
    'import { runRecords, type RunnerHost } from "./model-runner.js";',
    'import { operators } from "sertao:operators";',
    ...(native ? [`import { espruinoNative } from ${JSON.stringify(join(port, "native.js"))};`] : []),
    "declare const sertaoHost: RunnerHost;",
    `runRecords(sertaoHost, operators${native ? ", espruinoNative" : ""});`,
  ].join("\n");
}
