import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { packageRoot } from "../bundle/package-root.js";
import type { Mutant } from "./mutant.js";
import type { Subject } from "./subjects.js";

const SMALL_VITEST = "scripts/mutants/small-vitest.js";

/** Paths below some files and folders of the package, from its root. */
export function filesBelow(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const absolute = join(packageRoot, path);
    if (statSync(absolute).isFile()) return [path];
    return readdirSync(absolute, { recursive: true, encoding: "utf8" })
      .map((name) => `${path}/${name.replaceAll("\\", "/")}`)
      .filter((name) => statSync(join(packageRoot, name)).isFile())
      .sort();
  });
}

/** The text of a source file. */
export function sourceText(file: string): string {
  return readFileSync(join(packageRoot, file), "utf8");
}

/** Sources and tests of a subject, compiled one file at a time into a folder of their own, and copies of it with a mutant in each. */
export class WorkingCopy {
  readonly #root = mkdtempSync(join(tmpdir(), "sertao-mutants-"));
  readonly #base = join(this.#root, "base");
  readonly #files: readonly string[];
  #made = 0;

  constructor(subject: Subject) {
    writeFileSync(join(this.#root, "package.json"), '{ "type": "module" }');
    symlinkSync(join(packageRoot, "node_modules"), join(this.#root, "node_modules"), "junction");
    this.#files = filesBelow(subject.needs).map((file) => this.#write(this.#base, file, sourceText(file)));
  }

  /** A copy with a mutant in it, or without one. Its files are links. */
  make(mutant: Mutant | undefined): string {
    const folder = join(this.#root, `m${this.#made++}`);
    const changed = mutant === undefined ? undefined : compiledName(mutant.file);
    for (const file of this.#files) {
      const target = join(folder, file);
      mkdirSync(dirname(target), { recursive: true });
      if (file !== changed) linkSync(join(this.#base, file), target);
    }
    if (mutant !== undefined) {
      const text = sourceText(mutant.file);
      this.#write(folder, mutant.file, text.slice(0, mutant.start) + mutant.to + text.slice(mutant.end));
    }
    return folder;
  }

  remove(folder: string): void {
    rmSync(folder, { recursive: true });
  }

  dispose(): void {
    rmSync(this.#root, { recursive: true });
  }

  /** Compiles a file into a folder; others are copied. @returns its path there */
  #write(folder: string, file: string, text: string): string {
    const name = compiledName(file);
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, name === file ? text : compiled(file, text));
    return name;
  }
}

/** Name of what a source file is compiled to. */
export function compiledName(file: string): string {
  return /\.ts$/.test(file) && !/\.d\.ts$/.test(file) ? file.replace(/\.ts$/, ".js") : file;
}

function compiled(file: string, text: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, isolatedModules: true };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  const vitest = relative(dirname(file), SMALL_VITEST).replaceAll("\\", "/");
  return outputText.replace(
    /from "vitest"/g,
    `from ${JSON.stringify(vitest.startsWith(".") ? vitest : `./${vitest}`)}`,
  );
}
