import { describe, expect, it } from "vitest";
import type { FileStore } from "../../lib/hal/file-store.js";
import type { SlotSettings } from "../../lib/update/boot-record.js";
import { PROVISIONING_LIMIT, ProvisioningTrial } from "../../lib/update/provisioning-trial.js";

/** A device with files and settings that outlive its boots. */
function device(files: Record<string, number>): {
  boot: (isOverruled?: boolean) => ProvisioningTrial;
  names: () => string[];
} {
  const store = new Map(Object.entries(files).map(([name, byte]) => [name, new Uint8Array(9).fill(byte)]));
  const values = new Map<number, Uint8Array>();
  const settings = {
    get: (key: number) => values.get(key) ?? new Uint8Array(0),
    set: (key: number, value: Uint8Array) => (values.set(key, value.slice()), 0),
  } as SlotSettings;
  const fileStore = {
    read: (name: string) => store.get(name)?.buffer,
    erase: (name: string) => void store.delete(name),
  } as unknown as FileStore;
  return {
    boot: (isOverruled = false) => new ProvisioningTrial(isOverruled, settings, fileStore),
    names: () => [...store.keys()],
  };
}

/** Fails until it is the other's turn. @returns how often it failed */
function failAll(trial: ProvisioningTrial): number {
  let failures = 1;
  while (!trial.failed()) failures++;
  return failures;
}

describe("a new provisioning", () => {
  it("is the only one once it has connected", () => {
    const { boot, names } = device({ "sertao.cfg": 2, "sertao.old": 1 });
    for (let i = 1; i < PROVISIONING_LIMIT; i++) {
      const trial = boot();
      expect([trial.isOpen, trial.usesPrevious, trial.previousBytes]).toEqual([true, false, 9]);
      expect(trial.failed()).toBe(false);
    }
    const trial = boot();
    trial.connected();
    expect(names()).toEqual(["sertao.cfg"]);
    expect(trial.failed()).toBe(false);
    expect(boot()).toMatchObject({ isOpen: false, usesPrevious: false });
  });

  it("takes turns with the one before as long as neither connects", () => {
    const { boot, names } = device({ "sertao.cfg": 2, "sertao.old": 1 });
    const used: boolean[] = [];
    for (let turn = 0; turn < 5; turn++) {
      used.push(boot().usesPrevious);
      expect(failAll(boot())).toBe(PROVISIONING_LIMIT);
    }
    expect(used).toEqual([false, true, false, true, false]);
    expect(names()).toEqual(["sertao.cfg", "sertao.old"]);
  });

  it("stays behind the one before that has connected, until that fails as long", () => {
    const { boot, names } = device({ "sertao.cfg": 2, "sertao.old": 1 });
    failAll(boot());
    boot().failed();
    boot().connected();
    expect(names()).toEqual(["sertao.cfg", "sertao.old"]);
    const trial = boot();
    expect(trial.usesPrevious).toBe(true);
    expect(failAll(trial)).toBe(PROVISIONING_LIMIT);
    expect(boot().usesPrevious).toBe(false);
  });

  it("begins anew where another has come, and is not tried where a configuration says how to connect", () => {
    const files = { "sertao.cfg": 2, "sertao.old": 1 };
    const { boot } = device(files);
    failAll(boot());
    expect(boot(true)).toMatchObject({ isOpen: false, usesPrevious: false });
    const store = device({ ...files, "sertao.cfg": 3 });
    expect(store.boot().usesPrevious).toBe(false);
    for (const only of [{ "sertao.cfg": 2 }, { "sertao.old": 1 }] as Record<string, number>[])
      expect(device(only).boot().isOpen).toBe(false);
  });
});
