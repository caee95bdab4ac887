import { beforeEach, describe, expect, it } from "vitest";
import { isHealthy, mustRest, restAndRestart } from "../../lib/app/boot-health.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { FileStore } from "../../lib/hal/file-store.js";
import type { Platform } from "../../lib/hal/platform.js";
import { ResetReason } from "../../lib/hal/power.js";
import { CRASH_FILE, CrashSettings } from "../../lib/settings/crash-settings.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { SimulatedFiles } from "../../scripts/simulate/flash/simulated-files.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { VirtualClock } from "../support/virtual-clock.js";

const CRASH = Buffer.from("Error: no such thing");

let files: FileStore;
let writes: number;
let restarts: number;

beforeEach(() => {
  const flash = new SimulatedFlash({ pageBytes: 4096, pageCount: 4, writeUnitBytes: 4, rewritesPerWord: 64 });
  files = new SimulatedFiles(flash);
  const write = files.write.bind(files);
  writes = 0;
  restarts = 0;
  files.write = (name, bytes) => (writes++, write(name, bytes));
});

/** A boot: whether it rests, its clock and settings. */
function boot(): { rests: boolean; clock: VirtualClock; settings: CrashSettings; platform: Platform } {
  const clock = new VirtualClock();
  const power = { resetReason: () => ResetReason.UNKNOWN, restart: () => restarts++ };
  const platform = { clock, power } as unknown as Platform;
  const settings = new CrashSettings(files);
  return { rests: mustRest(platform, settings), clock, settings, platform };
}

function crashedBoot(): boolean {
  const { rests, settings } = boot();
  expect(settings.set(SettingKey.LAST_CRASH, Buffer.concat([CRASH, Buffer.from(String(writes))]))).toBe(ErrorCode.OK);
  return rests;
}

describe("settings of a board without pages for them", () => {
  it("write nothing while all is well, however often it boots", () => {
    for (let i = 0; i < 50; i++) expect(boot().rests).toBe(false);
    boot().clock.advance(3_600_000);
    expect([writes, files.read(CRASH_FILE)]).toEqual([0, undefined]);
  });

  it("keep a crash over boots until it is told", () => {
    crashedBoot();
    const { settings } = boot();
    expect(Buffer.from(settings.get(SettingKey.LAST_CRASH)).toString()).toContain("no such thing");
    settings.set(SettingKey.LAST_CRASH, new Uint8Array(0));
    expect(new CrashSettings(files).get(SettingKey.LAST_CRASH)).toHaveLength(0);
    isHealthy(settings);
    expect(files.read(CRASH_FILE)).toBeUndefined();
  });

  it("bring a rest after five boots in a row that crashed, and one more try after it", () => {
    expect(Array.from({ length: 6 }, crashedBoot)).toEqual([false, false, false, false, false, true]);
    const { settings, platform, clock, rests } = boot();
    expect(rests).toBe(true);
    restAndRestart(platform, settings);
    clock.advance(3_600_000);
    expect(restarts).toBe(1);
    expect([crashedBoot(), crashedBoot()]).toEqual([false, true]);
  });

  it("forget crashes once a boot lasts ten minutes, and take the file away when the last one is told", () => {
    for (let i = 0; i < 4; i++) crashedBoot();
    const { clock, settings, rests } = boot();
    clock.advance(600_000);
    expect([rests, settings.getNumber(SettingKey.UNHEALTHY_BOOTS, 9)]).toEqual([false, 0]);
    expect(files.read(CRASH_FILE)).toBeDefined();
    settings.set(SettingKey.LAST_CRASH, new Uint8Array(0));
    expect(files.read(CRASH_FILE)).toBeUndefined();
    expect(Array.from({ length: 6 }, crashedBoot)).toEqual([false, false, false, false, false, true]);
  });

  it("take a torn or foreign file for none", () => {
    crashedBoot();
    const whole = new Uint8Array(files.read(CRASH_FILE)!.slice(0));
    for (let left = 1; left < whole.length; left++) {
      files.write(CRASH_FILE, whole.slice(0, left));
      expect(new CrashSettings(files).get(SettingKey.LAST_CRASH)).toHaveLength(0);
      const spoilt = whole.slice();
      spoilt[left]! ^= 1 + (left % 255);
      files.write(CRASH_FILE, spoilt);
      expect(new CrashSettings(files).get(SettingKey.LAST_CRASH)).toHaveLength(0);
    }
  });

  it("leave what was where a value is too long or Storage full", () => {
    const settings = new CrashSettings(files);
    expect(settings.set(SettingKey.LAST_CRASH, new Uint8Array(201))).toBe(ErrorCode.SETTINGS_FULL);
    files.write = () => false;
    expect(settings.set(SettingKey.LAST_CRASH, CRASH)).toBe(ErrorCode.SETTINGS_FULL);
    expect(settings.get(SettingKey.LAST_CRASH)).toHaveLength(0);
    expect(settings.setNumber(SettingKey.UNHEALTHY_BOOTS, 3)).toBe(ErrorCode.OK);
    expect(settings.set(SettingKey.UNHEALTHY_BOOTS, new Uint8Array([3, 0, 0, 0]))).toBe(ErrorCode.OK);
    expect(settings.getNumber(SettingKey.UNHEALTHY_BOOTS, 0)).toBe(3);
  });
});
