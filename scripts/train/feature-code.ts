import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { rollup } from "rollup";
import ts from "typescript";
import type { SampleWindow } from "../../lib/sensing/sample-window.js";
import { featuresInvalid } from "../errors/train.js";
import type { FeatureCode } from "./training-config.js";

/** Device code that writes features; false where the window has none. */
export type FeatureFunction = (window: SampleWindow, out: Float32Array) => boolean | void;

/**
 * Loads an application's feature code: the same TypeScript that the device's bundle is made of, so training sees what
 * the device computes.
 */
export async function loadFeatureFunction(folder: string, code: FeatureCode): Promise<FeatureFunction> {
  const path = resolve(folder, code.module);
  if (!existsSync(path)) throw featuresInvalid(path, "it does not exist");
  let exports: Record<string, unknown>;
  try {
    const bundle = await rollup({ input: path, plugins: [typescriptSources], logLevel: "silent" });
    const { output } = await bundle.generate({ format: "es" });
    await bundle.close();
    const source = Buffer.from(output[0].code).toString("base64");
    exports = (await import(`data:text/javascript;base64,${source}`)) as Record<string, unknown>;
  } catch (error) {
    throw featuresInvalid(path, error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
  const found = exports[code.function];
  if (typeof found !== "function") throw featuresInvalid(path, `it does not export the function ${code.function}`);
  return found as FeatureFunction;
}

const typescriptSources = {
  name: "typescript-sources",
  resolveId(specifier: string, importer: string | undefined): string | null {
    if (importer === undefined || !specifier.startsWith(".")) return null;
    const path = resolve(dirname(importer), specifier).replace(/\.js$/, ".ts");
    return existsSync(path) ? path : null;
  },
  async load(id: string): Promise<string | null> {
    if (!id.endsWith(".ts")) return null;
    const compilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      isolatedModules: true,
    };
    return ts.transpileModule(await readFile(id, "utf8"), { compilerOptions, fileName: id }).outputText;
  },
};
