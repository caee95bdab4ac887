import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "sertao:platform": fileURLToPath(new URL("firmware/platform/espruino/platform.ts", import.meta.url)),
      "sertao:operators": fileURLToPath(new URL("firmware/operators.ts", import.meta.url)),
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Many tests wait for an engine or a broker, which are processes of their own.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ["default", "./test/support/reporter.ts"],
  },
});
