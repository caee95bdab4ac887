import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RomChip } from "../support/rom/rom-chip.js";
import { built } from "../e2e/sertao-command.js";
import { espruinoCommand, LiveEspruino } from "../support/serial/live-espruino.js";
import { Pty, socatCommand } from "../support/serial/pty.js";
import { storageOf } from "../support/serial/storage-of.js";
import { runInShell } from "../support/shell.js";
import { commandsOf, root } from "./markdown.js";

const TIMEOUT_MS = 300_000;
const commands = commandsOf("docs/getting-started.md");
const toBoard = commands.findIndex((command) => /sertao provision station1/.test(command));
const toTryout = commands.findIndex((command) => /sertao init tryout/.test(command));
/** Packages come from npm's cache where they are there. */
const env = { npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };

describe.skipIf(!built)("docs/getting-started.md, from an empty folder and the tarball (needs dist)", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sertao-start-"));
    const packed = spawnSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
    expect(packed.status, String(packed.stderr)).toBe(0);
    expect(readdirSync(folder)).toEqual(["sertao-0.1.0.tgz"]);
  }, TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test(
    "writes, builds, simulates, tests and trains an application",
    async () => {
      expect(toBoard).toBeGreaterThan(5);
      const { status, text } = await runInShell(commands.slice(0, toBoard), folder, env);
      expect(status, text).toBe(0);
      expect(text).toContain("station for ESP32 (WROOM, 4 MB)");
      expect(text).toMatch(/lost +0\n/);
      expect(text).toMatch(/[#ℹ] pass 2\n/);
      expect(readdirSync(join(folder, "station", "model"))).toContain("report");
    },
    TIMEOUT_MS,
  );

  test.skipIf(socatCommand === undefined)(
    "brings it to an ESP32's loader (needs socat)",
    async () => {
      const pty = await Pty.with(new RomChip({ downloadMode: true }));
      try {
        // The model of the chip has no engine: all of Storage goes through its loader.
        const lines = commands
          .slice(toBoard, toTryout)
          .map((line) => line.replace("/dev/ttyUSB0", `${pty.path} --image`));
        const { status, text } = await runInShell(["cd station", ...lines], folder, env);
        expect(status, text).toBe(0);
        expect(text).toMatch(/verified by MD5/);
      } finally {
        await pty.close();
      }
    },
    TIMEOUT_MS,
  );

  test.skipIf(socatCommand === undefined || espruinoCommand === undefined)(
    "brings another to an Espruino, twice (needs socat and espruino-field)",
    async () => {
      const engine = new LiveEspruino();
      const pty = await Pty.with(engine);
      try {
        const lines = commands.slice(toTryout).map((line) => line.replace("espruino.tty", pty.path));
        const { status, text } = await runInShell(["cd station", ...lines], folder, env);
        expect(status, text).toBe(0);
        expect(text).toMatch(/verified, and running[^]*nothing to send/);
        expect(storageOf(engine.folder).list()).toEqual(expect.arrayContaining(["sertao.cfg", "model.a"]));
      } finally {
        await pty.close();
        engine.stop();
      }
    },
    TIMEOUT_MS,
  );
});
