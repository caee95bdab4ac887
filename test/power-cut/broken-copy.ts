import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll } from "vitest";

const LIB = fileURLToPath(new URL("../../lib", import.meta.url));
const FOLDERS = ["core", "hal", "flash", "settings", "outbox", "update"];

/** A fault: in this file below lib/, each of these texts (there exactly once) becomes another. */
export interface Fault {
  readonly what: string;
  readonly file: string;
  readonly swaps: readonly (readonly [from: string, to: string])[];
}

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })));

/** Loads modules of a copy of the device code that has a fault in it; returns all that they export. */
export async function loadBroken(fault: Fault, modules: readonly string[]): Promise<Record<string, unknown>> {
  const root = mkdtempSync(join(tmpdir(), "sertao-fault-"));
  made.push(root);
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  for (const folder of FOLDERS) {
    mkdirSync(join(root, folder));
    for (const file of readdirSync(join(LIB, folder)).filter((name) => name.endsWith(".ts"))) {
      let text = readFileSync(join(LIB, folder, file), "utf8");
      if (`${folder}/${file}` === fault.file) for (const swap of fault.swaps) text = swapOnce(text, swap, fault);
      const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, isolatedModules: true };
      const { outputText } = ts.transpileModule(text, { compilerOptions: options });
      writeFileSync(join(root, folder, file.replace(/\.ts$/, ".js")), outputText);
    }
  }
  const paths = modules.map((module) => pathToFileURL(join(root, `${module}.js`)).href);
  const loaded = await Promise.all(paths.map((path) => import(/* @vite-ignore */ path) as Promise<object>));
  return Object.assign({}, ...loaded) as Record<string, unknown>;
}

function swapOnce(text: string, [from, to]: readonly [string, string], fault: Fault): string {
  if (text.split(from).length !== 2) throw new Error(`The fault "${fault.what}" no longer fits ${fault.file}: ${from}`);
  return text.replace(from, () => to);
}
