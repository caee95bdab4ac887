#!/usr/bin/env node
// Starts the compiled command line. The package brings Node 24 as an optional dependency, because
// the collector needs node:sqlite; an older Node that finds it hands over to it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const NODE_MAJOR = 24;
const main = fileURLToPath(new URL("../dist/scripts/cli/main.js", import.meta.url));

if (!existsSync(main)) {
  console.error("sertao: NOT_BUILT: dist/ is missing. Run: npm run build");
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR) {
  const { run } = await import(main);
  process.exitCode = await run(process.argv.slice(2));
} else {
  const child = spawn(findNode(), ["--no-warnings", main, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function findNode() {
  const require = createRequire(import.meta.url);
  const { platform, arch } = process;
  const system = platform === "win32" ? "win" : platform;
  const binary = platform === "win32" ? "bin/node.exe" : "bin/node";
  for (const name of [`node-${system}-${arch}`, `node-bin-${system}-${arch}`]) {
    try {
      return require.resolve(`${name}/${binary}`);
    } catch {
      // Not the package for this machine.
    }
  }
  console.error(
    `sertao: NODE_TOO_OLD: Node ${process.versions.node} runs here and Node ${NODE_MAJOR} is needed. ` +
      "Install Node 24, or reinstall without --omit=optional.",
  );
  process.exit(1);
}
