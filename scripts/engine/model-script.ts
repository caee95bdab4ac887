import { join } from "node:path";
import type { BackendName } from "../../boards/board.js";
import { DeviceProgram } from "../bundle/device-program.js";
import { memberUse } from "../bundle/member-use.js";
import { link } from "../bundle/link.js";
import { minify } from "../bundle/minify.js";
import { packageRoot } from "../bundle/package-root.js";
import { standIns } from "../bundle/stand-ins.js";
import { operatorsModuleSource } from "../model/operators-module.js";

/** Members of RunnerHost, which the script meets as a global. */
const HOST_NAMES = ["pack", "records", "fill", "print", "nowMs", "taps", "dump", "repeats", "batch"];

const espruinoPort = join(packageRoot, "firmware", "platform", "espruino");
/** The module that exports `espruinoNative`. */
export const espruinoNativeModule = join(espruinoPort, "native.js");

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
    script = buildScript(source, backend);
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
  return entryScript(kernels, backend, entry);
}

/**
 * A module of its own with some operators as one ES5 script.
 * @param entry source, with imports relative to lib/nn; it meets the RunnerHost as the global `sertaoHost`, the operators
 *   as `sertao:operators` and the engine's primitives as `sertao:native`
 */
export function entryScript(kernels: readonly string[], backend: BackendName, entry: string): Promise<string> {
  return buildScript(operatorsModuleSource(kernels, backend, "."), backend, entry);
}

/**
 * Builds a script from modules that take the place of files in lib/nn.
 * @param source of the module `sertao:operators`
 * @param ownEntry the module to start, where it is not the one that runs records
 * @param hostNames members of what it meets as a global
 */
export async function buildScript(
  source: string,
  backend: BackendName,
  ownEntry?: string,
  hostNames: readonly string[] = HOST_NAMES,
): Promise<string> {
  const entry = join(packageRoot, "lib", "nn", "run-entry.ts");
  const operators = join(packageRoot, "lib", "nn", "run-operators.ts");
  const sources = new Map([
    [operators, source],
    [entry, ownEntry ?? entrySource(backend)],
  ]);
  const aliases = new Map([
    ...(backend === "loops" ? [] : standIns(espruinoPort)),
    ["sertao:operators", operators],
    ["sertao:tensorflow", join(espruinoPort, "tensorflow.ts")],
    ["sertao:native", join(espruinoPort, "native.ts")],
  ]);
  const declarations = backend === "loops" ? [] : [join(espruinoPort, "globals.d.ts")];
  const program = new DeviceProgram(entry, aliases, sources, declarations);
  const { foreign, groups } = memberUse(program.program);
  const { code } = await minify(await link(program, entry), { foreign: new Set([...foreign, ...hostNames]), groups });
  return code;
}

function entrySource(backend: BackendName): string {
  const native = backend !== "loops";
  return [
    'import { runRecords, type RunnerHost } from "./model-runner.js";',
    'import { operators } from "sertao:operators";',
    ...(native ? [`import { espruinoNative } from ${JSON.stringify(espruinoNativeModule)};`] : []),
    "declare const sertaoHost: RunnerHost;",
    `runRecords(sertaoHost, operators${native ? ", espruinoNative" : ""});`,
  ].join("\n");
}
