import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../bundle/package-root.js";
import { fillSection } from "./fill.js";
import { generatedSections } from "./sections.js";

/**
 * Writes the generated parts of the documents. With `--check` it writes nothing, names the documents that are stale
 * and ends with status 1.
 */
const check = process.argv.includes("--check");
const texts = new Map<string, string>();
for (const { file, name, text } of await generatedSections()) {
  const before = texts.get(file) ?? readFileSync(join(packageRoot, file), "utf8");
  texts.set(file, fillSection(before, name, text));
}
for (const [file, text] of texts) {
  const path = join(packageRoot, file);
  if (text === readFileSync(path, "utf8")) continue;
  if (check) {
    process.stderr.write(`${file} is stale: run npm run docs.\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    process.stdout.write(`${file} written\n`);
  }
}
