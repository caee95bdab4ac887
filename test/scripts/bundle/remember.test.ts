import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** As another process would, which remembers nothing itself. */
async function fresh(): Promise<typeof import("../../../scripts/bundle/remember.js")> {
  vi.resetModules();
  return import("../../../scripts/bundle/remember.js");
}

describe("what is made of the package alone", () => {
  const make = vi.fn(() => Promise.resolve({ text: "made" }));
  beforeEach(() => make.mockClear());
  const files = (): string[] => readdirSync(join(folder, "sertao"));

  test("is made once, by each process and by the next", async () => {
    for (let i = 0; i < 2; i++) {
      const { remember } = await fresh();
      for (let j = 0; j < 2; j++) expect(await remember("thing", { board: 1 }, make)).toEqual({ text: "made" });
    }
    expect(make).toHaveBeenCalledTimes(1);
    expect(files()).toEqual([expect.stringMatching(/^thing-[0-9a-f]{40}$/)]);
  });

  test("is made again of another input, and where the file was damaged", async () => {
    const { remember } = await fresh();
    await remember("thing", { board: 1 }, make);
    await remember("thing", { board: 2 }, make);
    expect(make).toHaveBeenCalledTimes(2);
    for (const name of files()) {
      const file = join(folder, "sertao", name);
      writeFileSync(file, readFileSync(file, "utf8").replace("made", "mode"));
    }
    expect(await (await fresh()).remember("thing", { board: 1 }, make)).toEqual({ text: "made" });
    expect(make).toHaveBeenCalledTimes(3);
  });

  test("is made where no cache can be", async () => {
    writeFileSync(join(folder, "sertao"), "in the way");
    expect(await (await fresh()).remember("thing", 1, make)).toEqual({ text: "made" });
    expect(make).toHaveBeenCalledTimes(1);
  });
});
