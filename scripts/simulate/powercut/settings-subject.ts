import { FlashPages } from "../../../lib/flash/flash-pages.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import { FlashSettings } from "../../../lib/settings/flash-settings.js";
import type { Settings } from "../../../lib/settings/settings.js";
import { SeededRandom } from "../../readings/seeded-random.js";
import { ESP32_FLASH } from "../flash/simulated-flash.js";
import type { SettingsStep } from "./settings-model.js";
import { SETTINGS_AFTERMATH, SettingsModel } from "./settings-model.js";
import type { Subject } from "./subject.js";

export interface SettingsScenario {
  readonly name: string;
  readonly pageBytes: number;
  readonly steps: readonly SettingsStep[];
}

/** Opens the settings as an application does. */
export function openSettings(region: FlashRegion): FlashSettings {
  return new FlashSettings(new FlashPages(region));
}

/** Settings and a scenario, to be explored. Tests hand in broken ones. */
export function settingsSubject(
  scenario: SettingsScenario,
  open: (region: FlashRegion) => Settings = openSettings,
): Subject<Settings> {
  return {
    name: scenario.name,
    flash: { ...ESP32_FLASH, pageBytes: scenario.pageBytes, pageCount: 2 },
    steps: scenario.steps.length,
    aftermathSteps: SETTINGS_AFTERMATH,
    open,
    model: () => new SettingsModel(scenario.steps),
  };
}

/** Random steps: counters that count, a few longer values, removals, reboots. The same for the same seed. */
export function randomSettingsSteps(seed: number, count: number): SettingsStep[] {
  const random = new SeededRandom(seed);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));
  return Array.from({ length: count }, () => {
    const what = random.below(100);
    if (what < 4) return { kind: "reboot" };
    if (what < 8) return { kind: "set", key: 1 + random.below(10), value: new Uint8Array(0) };
    if (what < 75) return { kind: "set", key: 1 + random.below(3), value: bytes(4) };
    return { kind: "set", key: 4 + random.below(7), value: bytes(1 + random.below(30)) };
  });
}

/** The scenarios of `npm run powercut`: a small page moves often, a large one is the field's. */
export function settingsScenarios(): SettingsScenario[] {
  return [
    { name: "settings/small", pageBytes: 512, steps: randomSettingsSteps(4, 300) },
    { name: "settings/field", pageBytes: 4096, steps: randomSettingsSteps(5, 700) },
  ];
}
