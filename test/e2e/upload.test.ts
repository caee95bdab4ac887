import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { esp32 } from "../../boards/esp32.js";
import { decodeProvisioning } from "../../scripts/provision/provisioning.js";
import { RomChip } from "../support/rom/rom-chip.js";
import { espruinoCommand, LiveEspruino } from "../support/serial/live-espruino.js";
import { Pty, socatCommand } from "../support/serial/pty.js";
import { storageIn, storageOf } from "../support/serial/storage-of.js";
import { writeSmallApp } from "../support/small-app.js";
import { built, sertao, startSertao } from "./sertao-command.js";

let folder = "";
let pty: Pty | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-upload-"));
  writeSmallApp(join(folder, "small"), "hello");
});
afterEach(async () => {
  await pty?.close();
  pty = undefined;
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly sent: string[];
  readonly unchanged: string[];
  readonly printed: string[];
}

describe.skipIf(!built || socatCommand === undefined || espruinoCommand === undefined)(
  "sertao upload (needs dist, socat and espruino)",
  () => {
    let engine: LiveEspruino;
    beforeEach(async () => {
      engine = new LiveEspruino();
      pty = await Pty.with(engine);
    });
    afterEach(() => engine.stop());
    const upload = (...more: string[]): ReturnType<typeof sertao> =>
      sertao(folder, ["upload", "small", "--board", "linux-field", "--port", pty!.path, ...more]);
    const report = async (): Promise<Report> => JSON.parse((await upload("--json")).stdout) as Report;

    test("brings application and provisioning, then only what changed, then nothing", async () => {
      await sertao(folder, ["provision", "d1", "--broker", "127.0.0.1"]);
      const first = await upload();
      expect(first).toMatchObject({ status: 0, stderr: "" });
      expect(first.stdout).toMatch(/^small 0\.1\.0 for .*, built in build\/small\/linux-field\nprovisioning of d1\n/);
      expect(first.stdout).toMatch(
        /sending \.boot0, slots\.js, update\.js, sertao\.cfg, app\.a, app\.b, config\.a, config\.b, update\.env, update\.prt, sertao\.ins, \.bootcde, \d+ bytes\nabout/,
      );
      expect(first.stdout).toMatch(/verified, and running; built in [\d.]+ s, brought in [\d.]+ s\n$/);
      const storage = storageOf(engine.folder);
      const { device, password, deviceKey } = decodeProvisioning(storage.read("sertao.cfg")!);
      expect(device).toBe("d1");
      for (const secret of [
        password!,
        Buffer.from(deviceKey!).toString("hex"),
        Buffer.from(deviceKey!).toString("base64"),
      ])
        expect(first.stdout).not.toContain(secret);
      const slot = Buffer.from(storage.read("app.a")!);
      const bundle = readFileSync(join(folder, "build/small/linux-field/bundle.js"));
      expect(slot.subarray(0, bundle.length)).toEqual(bundle);
      expect(slot.subarray(bundle.length).every((byte) => byte === 0xff)).toBe(true);

      writeSmallApp(join(folder, "small"), "edited");
      const edited = await report();
      edited.unchanged.sort();
      expect(edited).toMatchObject({
        sent: ["app.a", "sertao.ins"],
        unchanged: [
          ".boot0",
          ".bootcde",
          "app.b",
          "config.a",
          "config.b",
          "sertao.cfg",
          "slots.js",
          "update.env",
          "update.js",
          "update.prt",
        ],
      });
      expect(edited.printed.at(-1)).toBe("small 0.1.0: edited");
      expect((await upload()).stdout).toMatch(/nothing to send; /);
    });

    test(
      "with --watch brings each edit, goes on after an error, and ends with Ctrl-C",
      { timeout: 120_000 },
      async ({ onTestFinished }) => {
        const app = join(folder, "small");
        const args = ["upload", "small", "--board", "linux-field", "--port", pty!.path, "--watch"];
        const child = startSertao(folder, args);
        onTestFinished(() => void child.kill("SIGKILL"));
        const ended = once(child, "close");
        let said = "";
        let isHeard: () => void;
        const hear = (text: Buffer): void => {
          said += String(text);
          isHeard();
        };
        let heard = new Promise<void>((resolve) => (isHeard = resolve));
        child.stdout!.on("data", hear);
        child.stderr!.on("data", hear);
        const until = async (pattern: RegExp): Promise<void> => {
          while (!pattern.test(said)) {
            if ((await Promise.race([heard, ended])) !== undefined) throw new Error(`it has ended: ${said}`);
            heard = new Promise<void>((resolve) => (isHeard = resolve));
          }
          said = said.replace(new RegExp(`[^]*?${pattern.source}`), "");
        };
        await until(/> small 0\.1\.0: hello\n[^]*watching [^\n]*small; Ctrl-C ends\n/);
        writeSmallApp(app, "edited");
        await until(
          /sending app\.a, sertao\.ins, [^]*> small 0\.1\.0: edited\nverified, and running; built in [^\n]*\n/,
        );
        writeFileSync(join(app, "main.ts"), "const wrong: number = 'text';");
        await until(/sertao: BUNDLE_COMPILE_FAILED: [^\n]*main\.ts:1:7 [^\n]*\n/);
        writeSmallApp(app, "mended");
        await until(/> small 0\.1\.0: mended\nverified, and running; [^\n]*\n/);
        const slot = Buffer.from(storageOf(engine.folder).read("app.a")!);
        const bundle = readFileSync(join(folder, "build/small/linux-field/bundle.js"));
        expect(slot.subarray(0, bundle.length)).toEqual(bundle);
        child.kill("SIGINT");
        expect(await ended).toEqual([0, null]);
      },
    );

    test("ends with status 1 and one line where it cannot", async () => {
      const args = (board: string): string[] => ["upload", "small", "--board", board, "--port", pty!.path];
      const wrong = await sertao(folder, args("esp32"));
      expect(wrong.stderr).toMatch(/^sertao: UPLOAD_WRONG_BOARD: [^\n]*\n$/);
      expect(wrong.status).toBe(1);
      const nobody = await upload("--device", "d9");
      expect(nobody.stderr).toMatch(/^sertao: NOT_PROVISIONED_YET: There is no provisioning of d9[^\n]*\n$/);
      expect(nobody.status).toBe(1);
    });
  },
);

describe.skipIf(!built || socatCommand === undefined)("sertao upload --image (needs dist and socat)", () => {
  test("writes all of Storage through the ROM loader, verified, and nothing else", async () => {
    const chip = new RomChip({ downloadMode: true });
    chip.flash.bytes.fill(0x5a);
    pty = await Pty.with(chip);
    const args = ["upload", "small", "--board", "esp32", "--port", pty.path, "--image"];
    expect((await sertao(folder, args)).stderr).toMatch(/^sertao: NOT_PROVISIONED_YET: A new image [^\n]*\n$/);
    args.push("--no-provisioning");
    const first = await sertao(folder, args);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    expect(first.stdout).toMatch(
      /writing all of Storage, 917504 bytes at 0x320000\n.*press EN[^\n]*\nverified by MD5; /s,
    );
    const storage = storageIn(chip.flash.bytes.slice(esp32.storage.address), esp32.storage.pageBytes);
    const slots = ["app.a", "app.b", "config.a", "config.b", "update.env", "update.prt"];
    expect(storage.list()).toEqual([".boot0", ".bootcde", "slots.js", "update.js", "sertao.ins", ...slots]);
    expect(chip.flash.bytes.subarray(0, esp32.storage.address).every((byte) => byte === 0x5a)).toBe(true);
    expect((await sertao(folder, args)).stdout).toMatch(/nothing to send; /);
  });

  test("is refused for a board without such a loader", async () => {
    const { status, stderr } = await sertao(folder, ["upload", "small", "--board", "pixljs", "--port", "x", "--image"]);
    expect(stderr).toMatch(/^sertao: FLASH_UNSUPPORTED: [^\n]*\n$/);
    expect(status).toBe(1);
  });
});
