import { rollup, type Plugin, type RollupLog } from "rollup";
import { bundleImportCycle, bundleImportUnresolved } from "../errors/bundle.js";
import { SertaoError } from "../errors/sertao-error.js";
import { compactClasses } from "./compact-classes.js";
import { shownPath, type DeviceProgram } from "./device-program.js";
import { helperLibrary } from "./helper-library.js";
import { inlineCalls } from "./inline-calls.js";
import { helpersOf } from "./language-helpers.js";
import { plainConstructors } from "./plain-constructors.js";

/** All modules in one script, not yet minified. */
export interface LinkedBundle {
  readonly code: string;
  readonly map: string;
  /** TypeScript helpers in it. */
  readonly helpers: readonly string[];
}

/** Links the modules that `entry` needs into one script with no exports. Throws SertaoError. */
export async function link(program: DeviceProgram, entry: string): Promise<LinkedBundle> {
  const helpers = new Set<string>();
  try {
    const build = await rollup({
      input: entry,
      plugins: [modulesOf(program, entry, helpers)],
      onwarn: refuseCycles,
    });
    try {
      const { output } = await build.generate({ format: "iife", sourcemap: true, indent: false, strict: false });
      const linked = { code: compactClasses(output[0].code), map: JSON.stringify(output[0].map) };
      return { ...inlineCalls(plainConstructors(linked)), helpers: [...helpers].sort() };
    } finally {
      await build.close();
    }
  } catch (error) {
    throw ownError(error);
  }
}

function modulesOf(program: DeviceProgram, entry: string, helpers: Set<string>): Plugin {
  return {
    name: "sertao-device-code",
    resolveId(name, importer) {
      if (importer === undefined) return name;
      if (name === "tslib") return { id: helperLibrary, moduleSideEffects: false };
      const path = program.resolve(name, importer);
      if (path === undefined) throw wrapped(bundleImportUnresolved(shownPath(importer), name));
      return { id: path, moduleSideEffects: path === entry };
    },
    load(path) {
      const module = program.emit(path);
      if (module === undefined) return null;
      try {
        for (const helper of helpersOf(path, module)) helpers.add(helper);
      } catch (error) {
        throw wrapped(error);
      }
      return { code: module.code, map: module.map };
    },
  };
}

function refuseCycles(log: RollupLog): void {
  if (log.code === "CIRCULAR_DEPENDENCY") throw bundleImportCycle((log.ids ?? []).map(shownPath).join(" → "));
}

/** Rollup writes a code of its own into the errors of plugins: ours travels inside. */
function wrapped(error: unknown): Error {
  return new Error("refused", { cause: error });
}

function ownError(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof SertaoError) return cause;
  return error;
}
