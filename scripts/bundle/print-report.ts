import type { BuiltApp } from "./build-app.js";

/** The report of a build as text. */
export function printReport({ manifest, report }: BuiltApp, folder: string): string {
  const { bundle, modules, pack, storage, jsVars, model, warnings, helpers } = report;
  const lines = [
    `${manifest.application} ${manifest.version} for ${manifest.board} in ${folder}`,
    "",
    row("bundle, minified", bundle.bytes, bundle.budgetBytes, "bytes"),
    ...modules.map(({ module, bytes }) => `  ${module.padEnd(22)}${String(bytes).padStart(7)}`),
  ];
  if (pack) lines.push(row("model pack", pack.bytes, pack.budgetBytes, "bytes"));
  if (model) lines.push(`  operators             ${model.kernels.join(", ")}`);
  lines.push(row("Storage", storage.bytes, storage.capacityBytes, "bytes"));
  lines.push(row("JsVars, estimated", jsVars.total, jsVars.budget, "JsVars"));
  lines.push(`  code ${jsVars.code}, model ${jsVars.model}, engine and network ${jsVars.runtime}`);
  if (helpers.length > 0) lines.push(`TypeScript helpers: ${helpers.join(", ")}`);
  for (const { file, line, rule, detail } of warnings)
    lines.push(`warning: ${file}:${line}: ${rule}${detail ? ` (${detail})` : ""}`);
  return `${lines.join("\n")}\n`;
}

function row(name: string, used: number, allowed: number, unit: string): string {
  const percent = ((100 * used) / allowed).toFixed(0);
  return `${name.padEnd(24)}${String(used).padStart(7)} of ${allowed} ${unit} (${percent} %)`;
}
