import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** LiteRT (XNNPACK, WebAssembly) as an independent judge of `.tflite` files. Its inputs and outputs are float32. */
export interface LiteRtModel {
  /** Runs one record; arrays in the order of the model's inputs. */
  run(inputs: readonly Float32Array<ArrayBuffer>[]): Promise<Float32Array[]>;
}

let loading: Promise<typeof import("@litertjs/core")> | undefined;

/** The package is made for browsers: it needs `self` and `importScripts`, and logs through its Module object. */
async function loadRuntime(): Promise<typeof import("@litertjs/core")> {
  const scope = globalThis as Record<string, unknown>;
  scope["self"] = globalThis;
  scope["Module"] = { print: () => undefined, printErr: () => undefined };
  scope["importScripts"] = (path: string) => {
    const holder = { exports: {} };
    const source = readFileSync(path, "utf8");
    new Function("module", "exports", "require", "__dirname", "__filename", source)(
      holder,
      holder.exports,
      require,
      dirname(path),
      path,
    );
    scope["ModuleFactory"] = holder.exports;
  };
  const runtime = await import("@litertjs/core");
  const { warn } = console;
  console.warn = () => undefined;
  try {
    await runtime.loadLiteRt(join(dirname(require.resolve("@litertjs/core/package.json")), "wasm"));
  } finally {
    console.warn = warn;
  }
  return runtime;
}

/** Loads a model whose inputs and outputs are float32; rejects where LiteRT refuses the file. */
export async function loadLiteRt(bytes: Uint8Array): Promise<LiteRtModel> {
  loading ??= loadRuntime();
  const { loadAndCompile, Tensor } = await loading;
  const model = await loadAndCompile(bytes, { accelerator: "wasm" });
  const shapes = model.getInputDetails().map((input) => [...input.shape]);
  return {
    async run(inputs) {
      const tensors = inputs.map((values, index) => new Tensor(values, shapes[index]!));
      const outputs = await model.run(tensors);
      for (const tensor of tensors) tensor.delete();
      return outputs.map((output) => {
        const values = Float32Array.from(output.toTypedArray() as Float32Array);
        output.delete();
        return values;
      });
    },
  };
}
