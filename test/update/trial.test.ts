import { beforeEach, describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { ResetReason } from "../../lib/hal/power.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { Field, UpdateKind } from "../../lib/update/manifest.js";
import { openTrial } from "../../lib/update/open-trial.js";
import { slotFile } from "../../lib/update/slots.js";
import { supervise } from "../../lib/update/supervise.js";
import { OFFLINE_LIMIT, SILENT_LIMIT, type Trial } from "../../lib/update/trial.js";
import { FlashWindow } from "../../scripts/simulate/flash/flash-window.js";
import { ESP32_FLASH, SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { SETTINGS_PAGES, storesIn } from "../../scripts/simulate/update/fetching-device.js";
import { installedFlash } from "../../scripts/simulate/update/installed-flash.js";
import { Slots } from "../../lib/update/slots.js";
import { deviceManifest } from "./device-manifest.js";

const { MODEL, APPLICATION, CONFIG } = {
  MODEL: UpdateKind.MODEL,
  APPLICATION: UpdateKind.APPLICATION,
  CONFIG: UpdateKind.CONFIG,
};

let flash: SimulatedFlash;

beforeEach(() => {
  const [application, model] = [Buffer.from("application"), Buffer.from("model")];
  flash = installedFlash({ keys: [], application, model, slotBytes: 4096 });
});

/** A boot: the trial as the supervisor opens it. */
function boot(reason = ResetReason.UNKNOWN): Trial {
  const trial = openTrial(new FlashWindow(flash, 0, SETTINGS_PAGES), storesIn(flash).files)!;
  supervise(trial, storesIn(flash).files, reason);
  return trial;
}

function stage(kind: UpdateKind, rules: Partial<Record<Field, number>> = {}): void {
  const { settings, files } = storesIn(flash);
  const slots = new Slots(settings, files);
  slots.install();
  const image = Buffer.from(`the next ${kind}`);
  const spare = slots.spareFile(kind);
  files.clearSlot(spare);
  files.writeSlot(spare, 0, image);
  expect(slots.stage(deviceManifest(kind, 7, image.length, rules))).toBe(ErrorCode.OK);
}

const decided = (): unknown => {
  const { settings, files } = storesIn(flash);
  const slots = new Slots(settings, files);
  return slots.onTrial() ? "on trial" : slots.report()?.reason;
};

describe("without an update there is no trial", () => {
  it("and nothing is written or counted", () => {
    const blank = new SimulatedFlash({ ...ESP32_FLASH, pageCount: SETTINGS_PAGES });
    expect(openTrial(blank, storesIn(flash).files)).toBeUndefined();
    storesIn(flash).settings.setNumber(SettingKey.BOOTS, 1);
    boot();
    const before = flash.operations;
    const trial = boot(ResetReason.WATCHDOG);
    trial.crashed();
    trial.inferred(1e6, 1, 9);
    trial.connected(3);
    trial.delivered(2);
    trial.closed(2, true);
    trial.offline(true);
    trial.sleeping();
    trial.rollBack(ErrorCode.UPDATE_SLOW);
    expect([trial.isOpen, trial.isLost, trial.isNews(), trial.isUnproven()]).toEqual([false, false, false, false]);
    expect(flash.operations).toBe(before);
  });
});

describe("a model on trial", () => {
  beforeEach(() => storesIn(flash).settings.setNumber(SettingKey.BOOTS, 1));

  it("is confirmed by as many inferences as its manifest asks for, over boots, connected or not", () => {
    stage(MODEL, { [Field.TRIAL_INFERENCES]: 3 });
    const first = boot();
    expect([first.isNews(), first.isUnproven()]).toEqual([true, true]);
    first.inferred(5, 0, 9);
    expect(first.isUnproven()).toBe(false);
    first.inferred(5, 0, 9);
    expect(decided()).toBe("on trial");
    const next = boot();
    next.inferred(5, 0, 9);
    expect([decided(), next.isOpen, next.isLost]).toEqual([ErrorCode.OK, false, false]);
    expect(boot().isOpen).toBe(false);
  });

  it("is confirmed by one inference where its manifest asks for none", () => {
    stage(MODEL);
    boot().inferred(5, 0, 0);
    expect(decided()).toBe(ErrorCode.OK);
  });

  it("is taken back by an inference that is too slow, or leaves too little memory, and not at the limits", () => {
    stage(MODEL, { [Field.TRIAL_INFERENCES]: 9, [Field.TRIAL_INFERENCE_MS]: 50, [Field.TRIAL_FREE_BYTES]: 1000 });
    boot().inferred(50, 1000, 0);
    // 0: nobody knows how much is free.
    boot().inferred(50, 0, 0);
    expect(decided()).toBe("on trial");
    const trial = boot();
    trial.inferred(51, 1000, 0);
    expect([decided(), trial.isLost]).toEqual([ErrorCode.UPDATE_SLOW, true]);
    stage2();
    boot().inferred(50, 999, 0);
    expect(decided()).toBe(ErrorCode.UPDATE_MEMORY_LOW);
  });

  it("is taken back by as many crashes as its manifest says, watchdog resets before an inference among them", () => {
    stage(MODEL, { [Field.TRIAL_CRASHES]: 2 });
    boot().crashed();
    expect(decided()).toBe("on trial");
    // The crash was told: the reset that follows it is none of its own.
    boot(ResetReason.WATCHDOG).inferred(5, 0, 0);
    expect(decided()).toBe(ErrorCode.OK);
    stage2(MODEL, { [Field.TRIAL_CRASHES]: 2 });
    boot();
    boot(ResetReason.WATCHDOG);
    expect(decided()).toBe("on trial");
    expect(boot(ResetReason.WATCHDOG).isLost).toBe(true);
    expect(decided()).toBe(ErrorCode.UPDATE_CRASHED);
  });

  it("is taken back by three crashes where its manifest does not say", () => {
    stage(MODEL, { [Field.TRIAL_INFERENCES]: 100 });
    for (let i = 0; i < 2; i++) boot().crashed();
    expect(decided()).toBe("on trial");
    boot().crashed();
    expect(decided()).toBe(ErrorCode.UPDATE_CRASHED);
  });

  it("is taken back after boots in a row that ended early, and nobody knows why", () => {
    stage(MODEL, { [Field.TRIAL_INFERENCES]: 100 });
    const early = (count: number): void => {
      for (let i = 0; i < count; i++) boot(i % 2 ? ResetReason.SOFTWARE : ResetReason.UNKNOWN);
    };
    early(SILENT_LIMIT);
    boot(ResetReason.BROWN_OUT).inferred(5, 0, 0);
    early(SILENT_LIMIT);
    expect(decided()).toBe("on trial");
    // Each boot speaks of the one before.
    early(1);
    expect(decided()).toBe(ErrorCode.UPDATE_SILENT);
  });

  it("counts no sleep, no wake and no brown-out against it", () => {
    stage(MODEL, { [Field.TRIAL_INFERENCES]: 100 });
    for (let i = 0; i < 50; i++) boot(ResetReason.TIMER_WAKE).sleeping();
    for (let i = 0; i < 50; i++) boot(ResetReason.BROWN_OUT);
    for (let i = 0; i < 50; i++) boot(ResetReason.UNKNOWN).sleeping();
    expect(decided()).toBe("on trial");
  });

  it("never loses by having no connection", () => {
    stage(MODEL, { [Field.TRIAL_INFERENCES]: 100 });
    const trial = boot();
    for (let i = 0; i < 100; i++) trial.closed(5, i % 2 === 0);
    expect(decided()).toBe("on trial");
  });

  it("is taken back at once where its image is not what was verified", () => {
    stage(MODEL);
    storesIn(flash).files.clearSlot("model.b");
    expect(boot().isLost).toBe(true);
    expect(decided()).toBe(ErrorCode.UPDATE_IMAGE_DAMAGED);
  });
});

describe("an application on trial", () => {
  beforeEach(() => {
    storesIn(flash).settings.setNumber(SettingKey.BOOTS, 1);
    stage(APPLICATION);
  });

  it("must have inferred, been connected, and delivered what waited", () => {
    const trial = boot();
    trial.inferred(5, 0, 2);
    trial.connected(2);
    expect([decided(), trial.isNews()]).toEqual(["on trial", false]);
    trial.delivered(2);
    expect(decided()).toBe("on trial");
    trial.delivered(1);
    expect(decided()).toBe(ErrorCode.OK);
  });

  it("need not deliver where nothing waits", () => {
    const trial = boot();
    trial.inferred(5, 0, 0);
    expect(decided()).toBe("on trial");
    trial.connected(0);
    expect(decided()).toBe(ErrorCode.OK);
  });

  it("is taken back where attempts fail though there is a network, over boots; not where there is none", () => {
    const wake = (): Trial => boot(ResetReason.TIMER_WAKE);
    for (let i = 0; i < 100; i++) wake().offline(false);
    for (let i = 1; i < OFFLINE_LIMIT; i++) wake().closed(0, true);
    expect(decided()).toBe("on trial");
    wake().closed(0, true);
    expect(decided()).toBe(ErrorCode.UPDATE_OFFLINE);
  });

  it("is taken back where it connects and what waits does not leave", () => {
    const trial = boot();
    for (let i = 0; i < OFFLINE_LIMIT; i++) {
      expect(decided()).toBe("on trial");
      trial.connected(3);
      trial.closed(3, true);
    }
    expect(decided()).toBe(ErrorCode.UPDATE_OUTBOX_STUCK);
  });

  it("is trusted with its connections once it has delivered", () => {
    const trial = boot();
    trial.connected(3);
    trial.delivered(2);
    for (let i = 0; i < 3 * OFFLINE_LIMIT; i++) trial.closed(3, true);
    expect(decided()).toBe("on trial");
    trial.inferred(5, 0, 3);
    expect(decided()).toBe(ErrorCode.OK);
  });

  it("gives way to what was there before where the confirmed one has rotted", () => {
    const trial = boot();
    trial.inferred(5, 0, 0);
    trial.connected(0);
    const { files } = storesIn(flash);
    const run = (): string => supervise(openTrial(new FlashWindow(flash, 0, SETTINGS_PAGES), files)!, files, 0).name;
    expect(run()).toBe("app.b");
    files.clearSlot("app.b");
    expect(run()).toBe("app.a");
    files.clearSlot("app.a");
    expect(run()).toBe("app.b");
    expect(slotFile(APPLICATION, 1)).toBe("app.b");
  });
});

describe("a configuration on trial", () => {
  beforeEach(() => {
    storesIn(flash).settings.setNumber(SettingKey.BOOTS, 1);
    stage(CONFIG);
  });

  it("is confirmed by a connection, without an inference", () => {
    const trial = boot();
    trial.inferred(5, 0, 0);
    expect(decided()).toBe("on trial");
    trial.connected(9);
    expect(decided()).toBe(ErrorCode.OK);
  });

  it("is taken back where nothing connects, without a network too", () => {
    const trial = boot();
    for (let i = 1; i < OFFLINE_LIMIT; i++) trial.offline(false);
    expect(decided()).toBe("on trial");
    trial.offline(false);
    expect(decided()).toBe(ErrorCode.UPDATE_OFFLINE);
  });
});

/** Another update after one was decided. */
function stage2(kind = MODEL, rules: Partial<Record<Field, number>> = { [Field.TRIAL_FREE_BYTES]: 1000 }): void {
  const { settings, files } = storesIn(flash);
  const slots = new Slots(settings, files);
  slots.reported();
  const image = Buffer.from("yet another");
  const spare = slots.spareFile(kind);
  files.clearSlot(spare);
  files.writeSlot(spare, 0, image);
  expect(slots.stage(deviceManifest(kind, 8, image.length, rules))).toBe(ErrorCode.OK);
}
