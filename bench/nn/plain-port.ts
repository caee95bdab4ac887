import { compileModel, operatorScript, type CompiledModel } from "./dist.ts";

/** Operators of the plain port, by those whose parameters they read. */
const PLAIN: Record<string, string> = {
  CONV_2D: "naiveConv2d",
  DEPTHWISE_CONV_2D: "naiveDepthwiseConv2d",
  FULLY_CONNECTED: "naiveFullyConnected",
};

/** A pack and the script that runs it by the reference kernels, loop for loop, with exact integer requantization. */
export async function plainPort(tflite: Uint8Array): Promise<{ compiled: CompiledModel; code: string }> {
  const compiled = compileModel(tflite, { rounding: "tflm", backend: "loops", exactOnly: true });
  const imports = compiled.report.kernels.map((kernel) => {
    const own = PLAIN[kernel];
    const slug = kernel.toLowerCase().replace(/_/g, "-");
    const known = slug.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    return own === undefined
      ? { name: known, from: `./operators/${slug}.js` }
      : { name: own, from: `../../bench/nn/naive-${slug}.js` };
  });
  const source =
    imports.map(({ name, from }) => `import { ${name} } from "${from}";\n`).join("") +
    `export const operators = [${imports.map(({ name }) => name).join(", ")}];\n`;
  return { compiled, code: await operatorScript(source, "loops") };
}
