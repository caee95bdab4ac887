import { decode } from "cbor-x";
import { beforeEach, describe, expect, it } from "vitest";
import { CrashLog } from "../../lib/app/crash-log.js";
import type { Platform } from "../../lib/hal/platform.js";
import { FlashPages } from "../../lib/flash/flash-pages.js";
import { FlashSettings } from "../../lib/settings/flash-settings.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { Told } from "../../lib/update/keeper-link.js";
import type { DeviceFacts } from "../../lib/uplink/status-message.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { VirtualClock } from "../support/virtual-clock.js";
import { FakeMessenger } from "../uplink/fake-messenger.js";

describe("the last crash", () => {
  const flash = (): SimulatedFlash =>
    new SimulatedFlash({ pageBytes: 4096, pageCount: 2, writeUnitBytes: 4, rewritesPerWord: 32 });
  let clock: VirtualClock;
  let restarts: number;
  let crash: (text: string) => void;
  let platform: Platform;
  const told: Told[] = [];
  const updates = { tell: (what: Told) => void told.push(what) };
  const facts = { incarnation: 77, epoch: 3 } as DeviceFacts;

  beforeEach(() => {
    clock = new VirtualClock();
    restarts = 0;
    platform = {
      clock,
      log: () => undefined,
      onCrash: (run: (text: string) => void) => {
        crash = run;
      },
      power: { restart: () => restarts++ },
    } as unknown as Platform;
  });

  it("is kept, restarts the device, and is told once the broker can have it", () => {
    const region = flash();
    const log = new CrashLog(platform, new FlashSettings(new FlashPages(region)), facts, updates);
    clock.advance(65_000);
    crash("Error: no such thing at f (:1:200)");
    expect(restarts).toBe(0);
    expect(told).toEqual([Told.CRASHED]);
    clock.advance(10_000);
    expect(restarts).toBe(1);

    const settings = new FlashSettings(new FlashPages(region));
    const next = new CrashLog(platform, settings, facts, updates);
    const messenger = new FakeMessenger();
    next.report(messenger, "dev1");
    expect(messenger.published).toHaveLength(0);
    messenger.online = true;
    next.report(messenger, "dev1");
    next.report(messenger, "dev1");
    expect(messenger.published).toHaveLength(1);
    const { topic, payload, qos, token } = messenger.published[0]!;
    expect([topic, qos]).toEqual(["sertao/v1/dev1/log", 1]);
    expect(decode(payload)).toEqual([1, 77, 3, 65, 0, "Error: no such thing at f (:1:200)", 0]);
    next.onPublished(token + 1);
    expect(settings.get(SettingKey.LAST_CRASH)).not.toHaveLength(0);
    next.onPublished(token);
    expect(settings.get(SettingKey.LAST_CRASH)).toHaveLength(0);
    next.report(messenger, "dev1");
    expect(messenger.published).toHaveLength(1);
    void log;
  });

  it("is cut to what a setting holds, in ASCII", () => {
    const settings = new FlashSettings(new FlashPages(flash()));
    void new CrashLog(platform, settings, facts, updates);
    crash(`é${"x".repeat(1000)}`);
    const line = decode(settings.get(SettingKey.LAST_CRASH)) as unknown[];
    expect(line[5]).toMatch(/^\?x{150,190}$/);
  });
});
