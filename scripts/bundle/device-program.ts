import { isAbsolute, join, relative } from "node:path";
import ts from "typescript";
import { bundleCompileFailed } from "../errors/bundle.js";
import { helperTypes } from "./helper-library.js";
import { aliasThis } from "./alias-this.js";
import { closedWorld, type ClosedWorld } from "./closed-world.js";
import { dropUnread, readNames } from "./drop-unread.js";
import { foreignNames } from "./foreign-names.js";
import { inlineConstants } from "./inline-constants.js";
import { freeMethods } from "./free-methods.js";
import { plainClasses } from "./plain-classes.js";
import { packageRoot } from "./package-root.js";
import { cachedSource } from "./source-cache.js";

/** Sources that exist in no file, by the absolute path that they pretend to have. */
export type VirtualFiles = ReadonlyMap<string, string>;

/** One compiled module. */
export interface EmittedModule {
  readonly code: string;
  readonly map: string;
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES5,
  lib: ["lib.es5.d.ts"],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  skipLibCheck: true,
  moduleDetection: ts.ModuleDetectionKind.Force,
  importHelpers: true,
  noEmitHelpers: true,
  sourceMap: true,
  inlineSources: true,
  ignoreDeprecations: "6.0",
};

/**
 * The application and what it imports, compiled in memory to ES5 modules. All files belong to one program, so that
 * `const enum` is inlined across them and the type checker can be asked. The package's own sources compile even where
 * they lie in node_modules, and no tsconfig.json of the surroundings has a say.
 */
export class DeviceProgram {
  readonly program: ts.Program;
  readonly #host: ts.CompilerHost;
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #world: ClosedWorld;
  readonly #kept: ReadonlySet<string>;

  /**
   * @param aliases module names that stand for a file ("sertao:platform"), and files of lib in place of which another is
   *   taken, by absolute path
   * @param declarations `.d.ts` files that tell the engine's globals
   */
  constructor(
    entry: string,
    aliases: ReadonlyMap<string, string>,
    virtual: VirtualFiles,
    declarations: readonly string[],
  ) {
    this.#aliases = aliases;
    this.#host = this.#createHost(virtual);
    this.program = ts.createProgram({ rootNames: [entry, ...declarations], options: OPTIONS, host: this.#host });
    const problems = ts.getPreEmitDiagnostics(this.program).filter((d) => d.category === ts.DiagnosticCategory.Error);
    if (problems.length > 0) throw bundleCompileFailed(describe(problems));
    this.#world = closedWorld(this.program);
    this.#kept = new Set([...readNames(this.program), ...foreignNames(this.program)]);
  }

  /** Absolute path of the module that `name` means in `importer`, or undefined. */
  resolve(name: string, importer: string): string | undefined {
    return this.#resolve(name, importer)?.resolvedFileName;
  }

  /** The ES5 form of a file of the program. */
  emit(path: string): EmittedModule | undefined {
    const source = this.program.getSourceFile(path);
    if (source === undefined) return undefined;
    let code = "";
    let map = "";
    const write: ts.WriteFileCallback = (name, text) => {
      if (name.endsWith(".map")) map = text;
      else code = text;
    };
    const transformers = {
      before: [freeMethods(this.#world), dropUnread(this.#kept), inlineConstants(this.program)],
      after: [aliasThis(), plainClasses()],
    };
    this.program.emit(source, write, undefined, false, transformers);
    // Rollup drops unused calls that are marked pure; TypeScript marks its classes in a way of its own. Same length,
    // so that the map stays true.
    code = code.replaceAll("/** @class */", "/*@__PURE__*/").replace(/\n?\/\/# sourceMappingURL=.*$/, "");
    return { code, map };
  }

  #createHost(virtual: VirtualFiles): ts.CompilerHost {
    const host = ts.createCompilerHost(OPTIONS);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (path) => virtual.has(path) || fileExists.call(host, path);
    host.readFile = (path) => virtual.get(path) ?? readFile.call(host, path);
    host.getSourceFile = (path, version, ...rest) => {
      const text = virtual.get(path);
      return text === undefined
        ? cachedSource(path, () => getSourceFile.call(host, path, version, ...rest))
        : ts.createSourceFile(path, text, version, true);
    };
    host.getCurrentDirectory = () => packageRoot;
    host.resolveModuleNameLiterals = (literals, importer) =>
      literals.map((literal) => ({ resolvedModule: this.#resolve(literal.text, importer) }));
    return host;
  }

  #resolve(name: string, importer: string): ts.ResolvedModuleFull | undefined {
    const alias = this.#aliases.get(name);
    if (alias !== undefined) return { resolvedFileName: alias, extension: ts.Extension.Ts };
    if (name === "tslib") return { resolvedFileName: helperTypes, extension: ts.Extension.Dts };
    const own = /^sertao\/(.*)$/.exec(name)?.[1];
    const wanted = own === undefined ? name : join(packageRoot, own);
    if (!wanted.startsWith(".") && !isAbsolute(wanted)) return undefined;
    const found = ts.resolveModuleName(wanted, importer, OPTIONS, this.#host).resolvedModule;
    if (found === undefined || found.extension !== ts.Extension.Ts) return undefined;
    const resolvedFileName = this.#aliases.get(found.resolvedFileName) ?? found.resolvedFileName;
    return { resolvedFileName, extension: found.extension, isExternalLibraryImport: false };
  }
}

/** A path as messages show it: relative to the package or to the working directory, whichever is shorter. */
export function shownPath(path: string): string {
  return [path, relative(packageRoot, path), relative(process.cwd(), path)].reduce((best, form) =>
    form.length < best.length && !form.startsWith(join("..", "..", "..")) ? form : best,
  );
}

function describe(problems: readonly ts.Diagnostic[]): string {
  const shown = problems.slice(0, 5).map((problem) => {
    const text = ts.flattenDiagnosticMessageText(problem.messageText, " ");
    if (problem.file === undefined || problem.start === undefined) return text;
    const { line, character } = problem.file.getLineAndCharacterOfPosition(problem.start);
    return `${shownPath(problem.file.fileName)}:${line + 1}:${character + 1} ${text}`;
  });
  const rest = problems.length - shown.length;
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
