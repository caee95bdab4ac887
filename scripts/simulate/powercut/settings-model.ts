import { ErrorCode } from "../../../lib/core/error-code.js";
import type { SettingKey } from "../../../lib/settings/keys.js";
import type { Settings } from "../../../lib/settings/settings.js";
import type { SimulatedFlash } from "../flash/simulated-flash.js";
import type { Model } from "./subject.js";

/** Keys of the scenarios are below this. */
const KEY_LIMIT = 32;

/** What a scenario asks of the settings. An empty value removes the key. */
export type SettingsStep =
  { readonly kind: "set"; readonly key: number; readonly value: Uint8Array } | { readonly kind: "reboot" };

const AFTERMATH: readonly SettingsStep[] = [
  { kind: "set", key: 1, value: Uint8Array.of(9, 8, 7, 6) },
  { kind: "set", key: 4, value: new Uint8Array(40).fill(0x55) },
  { kind: "set", key: 1, value: Uint8Array.of(5, 4, 3, 2) },
];

/** Steps that follow each cut. */
export const SETTINGS_AFTERMATH = AFTERMATH.length;

/** A set value lasts; one that was cut short is the old or the new; no other key changes. */
export class SettingsModel implements Model<Settings> {
  #values = new Map<number, string>();
  #pending: { readonly key: number; readonly value: string } | undefined;
  #used = false;

  constructor(private readonly steps: readonly SettingsStep[]) {}

  clone(): SettingsModel {
    const copy = new SettingsModel(this.steps);
    copy.#values = new Map(this.#values);
    copy.#pending = this.#pending;
    copy.#used = this.#used;
    return copy;
  }

  step(index: number, settings: Settings, open: () => Settings): Settings {
    const step = this.steps[index]!;
    if (step.kind === "reboot") return open();
    this.#set(step.key, step.value, settings);
    return settings;
  }

  aftermath(index: number, settings: Settings): void {
    const step = AFTERMATH[index]!;
    if (step.kind === "set") this.#set(step.key, step.value, settings);
  }

  check(settings: Settings, flash: SimulatedFlash): string[] {
    const problems: string[] = [];
    if (settings.formatted && this.#used) problems.push("settings were formatted: everything is lost");
    for (let key = 0; key < KEY_LIMIT; key++) {
      const found = Buffer.from(settings.get(key as SettingKey)).toString("hex");
      const old = this.#values.get(key) ?? "";
      const pending = this.#pending?.key === key ? this.#pending.value : undefined;
      if (found !== old && found !== pending) problems.push(`key ${key} holds ${found || "nothing"}, not ${old}`);
      if (found === "") this.#values.delete(key);
      else this.#values.set(key, found);
    }
    this.#pending = undefined;
    // Moves take turns; one that is cut short, twice at most here, erases its page again.
    const [first, second] = flash.eraseCounts;
    if (Math.abs(first! - second!) > 3) problems.push(`erase counts ${first} and ${second}`);
    return problems;
  }

  #set(key: number, value: Uint8Array, settings: Settings): void {
    const text = Buffer.from(value).toString("hex");
    this.#pending = { key, value: text };
    this.#used = true;
    const status = settings.set(key as SettingKey, value);
    if (status !== ErrorCode.OK) throw new Error(`set gave ${status}`);
    if (text === "") this.#values.delete(key);
    else this.#values.set(key, text);
    this.#pending = undefined;
  }
}
