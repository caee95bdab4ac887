import { describe, expect, it } from "vitest";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { FlashPages } from "../../lib/flash/flash-pages.js";
import { FlashSettings } from "../../lib/settings/flash-settings.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { ESP32_FLASH, SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { openSettings } from "../../scripts/simulate/powercut/settings-subject.js";

/** Greatest length of a value. */
const MAX_SETTING_BYTES = 200;

function flashOf(pageBytes = 4096): SimulatedFlash {
  return new SimulatedFlash({ ...ESP32_FLASH, pageBytes, pageCount: 2 });
}

const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));

describe("FlashSettings", () => {
  it("begins empty and says so, once", () => {
    const flash = flashOf();
    const settings = openSettings(flash);
    expect(settings.formatted).toBe(true);
    expect(settings.get(SettingKey.BOOTS)).toEqual(new Uint8Array(0));
    expect(settings.getNumber(SettingKey.BOOTS, 42)).toBe(42);
    expect(openSettings(flash).formatted).toBe(false);
  });

  it("keeps whole numbers and bytes over restarts", () => {
    const flash = flashOf();
    const numbers = [0, 1, 65535, 2147483648, 4294967295];
    for (const value of numbers) {
      expect(openSettings(flash).setNumber(SettingKey.EPOCH, value)).toBe(ErrorCode.OK);
      expect(openSettings(flash).getNumber(SettingKey.EPOCH, -7)).toBe(value);
    }
    openSettings(flash).set(SettingKey.BOOT_RECORD, text("orchard:secret"));
    expect(openSettings(flash).get(SettingKey.BOOT_RECORD)).toEqual(text("orchard:secret"));
    expect(openSettings(flash).getNumber(SettingKey.BOOT_RECORD, 5)).toBe(5);
  });

  it("removes, and keeps copies of what it is given", () => {
    const flash = flashOf();
    const settings = openSettings(flash);
    const value = text("boom");
    settings.set(SettingKey.LAST_CRASH, value);
    value[0] = 0;
    expect(settings.get(SettingKey.LAST_CRASH)).toEqual(text("boom"));
    expect(settings.set(SettingKey.LAST_CRASH, new Uint8Array(0))).toBe(ErrorCode.OK);
    expect(settings.get(SettingKey.LAST_CRASH).length).toBe(0);
    expect(openSettings(flash).get(SettingKey.LAST_CRASH).length).toBe(0);
    const before = flash.operations;
    settings.set(SettingKey.LAST_CRASH, new Uint8Array(0));
    expect(flash.operations).toBe(before);
  });

  it("spends nothing on a value that is there already", () => {
    const flash = flashOf();
    const settings = openSettings(flash);
    settings.setNumber(SettingKey.INCARNATION, 7);
    const before = flash.operations;
    settings.setNumber(SettingKey.INCARNATION, 7);
    expect(flash.operations).toBe(before);
  });

  it("counts 100,000 boots with 250 erases, shared by both pages", () => {
    const flash = flashOf();
    const settings = openSettings(flash);
    settings.set(SettingKey.BOOT_RECORD, text("x".repeat(60)));
    for (let boot = 1; boot <= 100_000; boot++) settings.setNumber(SettingKey.BOOTS, boot);
    expect(openSettings(flash).getNumber(SettingKey.BOOTS, 0)).toBe(100_000);
    expect(openSettings(flash).get(SettingKey.BOOT_RECORD)).toEqual(text("x".repeat(60)));
    const [first, second] = flash.eraseCounts;
    expect(first! + second!).toBeLessThanOrEqual(255);
    expect(Math.abs(first! - second!)).toBeLessThanOrEqual(1);
  });

  it("refuses what is too long or does not fit, and keeps the rest", () => {
    const flash = flashOf(512);
    const settings = openSettings(flash);
    expect(settings.set(SettingKey.BOOT_RECORD, new Uint8Array(MAX_SETTING_BYTES + 1))).toBe(ErrorCode.SETTINGS_FULL);
    expect(settings.set(SettingKey.BOOT_RECORD, new Uint8Array(MAX_SETTING_BYTES).fill(1))).toBe(ErrorCode.OK);
    expect(settings.set(SettingKey.SLEEP_STATE, new Uint8Array(MAX_SETTING_BYTES).fill(2))).toBe(ErrorCode.OK);
    expect(settings.set(SettingKey.LAST_CRASH, new Uint8Array(MAX_SETTING_BYTES).fill(3))).toBe(
      ErrorCode.SETTINGS_FULL,
    );
    expect(settings.get(SettingKey.SLEEP_STATE)[0]).toBe(2);
    expect(settings.get(SettingKey.LAST_CRASH).length).toBe(0);
    // What has room goes on.
    for (let boot = 1; boot <= 100; boot++) expect(settings.setNumber(SettingKey.BOOTS, boot)).toBe(ErrorCode.OK);
    expect(settings.set(SettingKey.SLEEP_STATE, new Uint8Array(MAX_SETTING_BYTES).fill(4))).toBe(ErrorCode.OK);
    const again = openSettings(flash);
    expect(again.getNumber(SettingKey.BOOTS, 0)).toBe(100);
    expect([again.get(SettingKey.BOOT_RECORD)[0], again.get(SettingKey.SLEEP_STATE)[0]]).toEqual([1, 4]);
  });

  it("loses no more than one value to a rotten bit, and reports it", () => {
    const open = (flash: SimulatedFlash): { pages: FlashPages; settings: FlashSettings } => {
      const pages = new FlashPages(flash);
      return { pages, settings: new FlashSettings(pages) };
    };
    // The first page of a store is the second of the region; a frame with a number has 10 bytes.
    for (let at = 4096 + 20; at < 4096 + 20 + 5 * 10; at++) {
      const flash = flashOf();
      const settings = openSettings(flash);
      for (let key = 1; key <= 5; key++) settings.setNumber(key, key * 1000);
      flash.image[at] = flash.image[at]! ^ 0x10;
      const again = open(flash);
      const kept = [1, 2, 3, 4, 5].filter((key) => again.settings.getNumber(key, 0) === key * 1000);
      expect(kept.length).toBe(4);
      expect(again.pages.takeError()).toBe(ErrorCode.SETTINGS_DAMAGED);
      expect(again.pages.takeError()).toBe(ErrorCode.OK);
      // The next write moves what is whole to the other page: the damage is gone with the old one.
      expect(again.settings.setNumber(10, 9)).toBe(ErrorCode.OK);
      const healed = open(flash);
      expect(healed.pages.takeError()).toBe(ErrorCode.OK);
      expect([1, 2, 3, 4, 5].filter((key) => healed.settings.getNumber(key, 0) === key * 1000)).toEqual(kept);
    }
  });

  it("starts over on foreign bytes, and says so", () => {
    const flash = flashOf();
    for (let i = 0; i < flash.image.length; i++) flash.image[i] = (i * 2654435761) >>> 24;
    const settings = openSettings(flash);
    expect(settings.formatted).toBe(true);
    settings.setNumber(SettingKey.BOOTS, 1);
    expect(openSettings(flash).getNumber(SettingKey.BOOTS, 0)).toBe(1);
  });

  it("answers with a code where the flash refuses", () => {
    const flash = flashOf();
    const settings = openSettings(flash);
    settings.setNumber(SettingKey.BOOTS, 1);
    const broken = openSettings({
      pageBytes: 4096,
      pageCount: 2,
      writeUnitBytes: 4,
      rewritesPerWord: 8,
      read: (address, into, count) => flash.read(address, into, count),
      write: (address) => {
        throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, address);
      },
      erasePage: (page) => flash.erasePage(page),
    });
    expect(broken.setNumber(SettingKey.BOOTS, 2)).toBe(ErrorCode.FLASH_WRITE_FAILED);
    expect(broken.getNumber(SettingKey.BOOTS, 0)).toBe(1);
  });
});
