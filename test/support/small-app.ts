import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes an application of a few lines, without sensors, model or network. @param says what it prints when it starts */
export function writeSmallApp(folder: string, says: string): string {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: "small", version: "0.1.0", entry: "main.ts" };
  writeFileSync(join(folder, "sertao.json"), JSON.stringify(manifest));
  writeFileSync(
    join(folder, "main.ts"),
    `import { application, version } from "sertao:build";
import { platform } from "sertao:platform";

function boom(limit: number): number {
  if (platform.clock.nowMs() >= limit) throw new Error("boom");
  return limit;
}

platform.log(application + " " + version + ": ${says}");
if (platform.files.read("sertao.boom")) platform.clock.after(500, () => boom(0));
`,
  );
  return folder;
}
