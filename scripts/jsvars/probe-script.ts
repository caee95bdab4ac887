import type { BackendName } from "../../boards/board.js";
import { buildScript, espruinoNativeModule } from "../engine/model-script.js";
import { operatorsModuleSource } from "../model/operators-module.js";

/** What the script finds in the global `sertaoHost`. */
export interface ProbeHost {
  /** The pack's segments, which lie in flash. */
  open(): ArrayBuffer[];
  /** Called before the model is opened, then with its input tensor when it is prepared. */
  hold(input: Int8Array | undefined): void;
  /** Called before each operator of an inference, and with -1 behind the last. */
  start(operator: number): void;
  /** Never true: what follows is there to be compiled. */
  readonly whole: boolean;
  /** Takes what applications read of a model: the bundler leaves out what nobody reads. */
  use(...values: unknown[]): void;
}

const HOST_NAMES = ["open", "hold", "start", "whole", "use"];

const built = new Map<string, Promise<string>>();

/**
 * A script, built as for devices, that opens and prepares a model as an application does, and runs it once. It stops on
 * the way for `sertaoHost` to look at the memory or at the time.
 * @param kernels names of the operators, `report.kernels` of a compiled model
 */
export function probeScript(kernels: readonly string[], backend: BackendName): Promise<string> {
  const key = [backend, ...[...kernels].sort()].join();
  const known = built.get(key) ?? build(kernels, backend);
  built.set(key, known);
  return known;
}

function build(kernels: readonly string[], backend: BackendName): Promise<string> {
  const native = backend === "espruino";
  const entry = [
    'import { Interpreter } from "./interpreter.js";',
    'import { openModelPack } from "./model-pack.js";',
    'import { operators } from "sertao:operators";',
    ...(native ? [`import { espruinoNative } from ${JSON.stringify(espruinoNativeModule)};`] : []),
    "declare const sertaoHost: {",
    "  open(): ArrayBuffer[];",
    "  hold(input: Int8Array | undefined): void;",
    "  start(operator: number): void;",
    "  whole: boolean;",
    "  use(...values: unknown[]): void;",
    "};",
    "sertaoHost.hold(undefined);",
    "const pack = openModelPack(sertaoHost.open());",
    `const interpreter = new Interpreter(pack, operators${native ? ", espruinoNative" : ""});`,
    "interpreter.prepare();",
    "sertaoHost.hold(interpreter.input);",
    "for (let i = 0; i < interpreter.operatorCount(); i++) {",
    "  sertaoHost.start(i);",
    "  interpreter.runOperator(i);",
    "}",
    "sertaoHost.start(-1);",
    "if (sertaoHost.whole) {",
    "  sertaoHost.use(interpreter.selfTest(), interpreter.invoke(), interpreter.input, interpreter.output);",
    "  sertaoHost.use(pack.label(0), pack.modelId, pack.modelVersion, pack.inputScale, pack.inputZeroPoint);",
    "  sertaoHost.use(pack.outputScale, pack.outputZeroPoint);",
    "}",
  ].join("\n");
  return buildScript(operatorsModuleSource(kernels, backend, "."), backend, entry, HOST_NAMES);
}
