import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BackendName } from "../../boards/board.js";
import { onlyBackend, operatorNamed } from "./kernels.js";

/** `CONV_2D` is exported as `conv2d` by operators/conv-2d.ts. */
function exportName(operator: string): string {
  return operator.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function fileName(operator: string): string {
  return operator.toLowerCase().replace(/_/g, "-");
}

/** Folder of lib/nn in the installed package, whether this runs compiled or from source. */
const engineFolder = fileURLToPath(
  new URL(import.meta.url.includes("/dist/") ? "../../../lib/nn/" : "../../lib/nn/", import.meta.url),
);

/**
 * Source of the module that replaces `sertao:operators` in a bundle: only the operators a model uses, each in the
 * backend's own form where there is one.
 * @param operatorNames `report.kernels` of the compiled model
 * @param folder how the module's imports reach lib/nn, without a slash at the end
 */
export function operatorsModuleSource(
  operatorNames: readonly string[],
  backend: BackendName,
  folder = engineFolder.replace(/\/$/, ""),
): string {
  const names = [...new Set(operatorNames)].sort();
  const imports = names.map((name) => {
    operatorNamed(name);
    const own = existsSync(`${engineFolder}${backend}/${fileName(name)}.ts`) ? backend : undefined;
    const from = `${folder}/${onlyBackend(name) ?? own ?? "operators"}/${fileName(name)}.js`;
    return `import { ${exportName(name)} } from ${JSON.stringify(from)};`;
  });
  // What runs whole models is made of what the engine has for them.
  const made = names.map((name) =>
    onlyBackend(name) === "tensorflow" ? `${exportName(name)}(tensorflow)` : exportName(name),
  );
  if (names.some((name) => onlyBackend(name) === "tensorflow"))
    imports.push('import { tensorflow } from "sertao:tensorflow";');
  return `${imports.join("\n")}\nexport const operators = [${made.join(", ")}];\n`;
}
