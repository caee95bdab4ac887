import { rollup } from "rollup";
import { minify } from "terser";
import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES5,
  lib: ["lib.es5.d.ts"],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  ignoreDeprecations: "6.0",
};

/** Device code as a device gets it: compiled to ES5, linked, minified, with functions and variables hoisted. */
export async function deviceBundle(entry: string): Promise<string> {
  const host = ts.createCompilerHost(OPTIONS);
  const program = ts.createProgram({ rootNames: [entry], options: OPTIONS, host });
  const problems = ts.getPreEmitDiagnostics(program);
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, host));
  const build = await rollup({
    input: entry,
    plugins: [
      {
        name: "device-code",
        resolveId: (name, importer) =>
          importer === undefined
            ? name
            : (ts.resolveModuleName(name, importer, OPTIONS, host).resolvedModule?.resolvedFileName ?? null),
        load(path) {
          let code = "";
          program.emit(program.getSourceFile(path), (_name, text) => (code = text));
          return code.replaceAll("/** @class */", "/*@__PURE__*/");
        },
      },
    ],
  });
  const { output } = await build.generate({ format: "iife", strict: false });
  await build.close();
  const { code } = await minify(output[0].code, {
    ecma: 5,
    // MicroQuickJS refuses a catch variable that hides another one; so did Internet Explorer 8.
    ie8: true,
    toplevel: true,
    compress: { ecma: 5, toplevel: true, passes: 3, hoist_funs: true, hoist_vars: true },
    mangle: { toplevel: true, properties: { regex: /^_/ } },
    format: { ecma: 5, ascii_only: true },
  });
  return code ?? "";
}
