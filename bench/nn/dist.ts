/** The compiled scripts that the benchmark uses. */
type Bare = typeof import("../../scripts/engine/bare-rate.js");
type Compile = typeof import("../../scripts/model/compile.js");
type Engines = typeof import("../../scripts/engine/engines.js");
type Espruino = typeof import("../../scripts/engine/espruino.js");
type RunModel = typeof import("../../scripts/engine/run-model.js");
type Script = typeof import("../../scripts/engine/model-script.js");
type Versions = typeof import("../../scripts/engine/versions.js");

export type CompiledModel = import("../../scripts/model/compile.js").CompiledModel;
export type CompileOptions = import("../../scripts/model/compile.js").CompileOptions;
export type Engine = import("../../scripts/engine/engine.js").ScriptEngine;

const dist = (path: string): string => new URL(`../../dist/scripts/${path}`, import.meta.url).href;

export const { bareRate } = (await import(dist("engine/bare-rate.js"))) as Bare;
export const { compileModel } = (await import(dist("model/compile.js"))) as Compile;
export const { engines } = (await import(dist("engine/engines.js"))) as Engines;
export const { espruinoBuild } = (await import(dist("engine/espruino.js"))) as Espruino;
export const { runModel } = (await import(dist("engine/run-model.js"))) as RunModel;
export const { operatorScript } = (await import(dist("engine/model-script.js"))) as Script;
export const { engineVersion } = (await import(dist("engine/versions.js"))) as Versions;
