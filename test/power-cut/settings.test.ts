import { describe, expect, it } from "vitest";
import type { FlashRegion } from "../../lib/hal/flash-region.js";
import type { Settings } from "../../lib/settings/settings.js";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import { settingsScenarios, settingsSubject } from "../../scripts/simulate/powercut/settings-subject.js";
import type { Fault } from "./broken-copy.js";
import { loadBroken } from "./broken-copy.js";

const FILE = "settings/flash-settings.ts";

const FAULTS: Fault[] = [
  {
    what: "the page's head is written before what it vouches for",
    file: FILE,
    swaps: [
      ["    region.write(start, head, PAGE_HEAD);\n", ""],
      [
        "    region.erasePage(page);\n",
        "    region.erasePage(page);\n    writeU32(this._buffer, 0, MAGIC);\n" +
          "    writeU32(this._buffer, 4, this._generation + 1);\n" +
          "    writeU32(this._buffer, 8, crc32(this._buffer, 0, 8, 0));\n" +
          "    region.write(start, this._buffer, PAGE_HEAD);\n",
      ],
    ],
  },
  {
    what: "any record passes",
    file: FILE,
    swaps: [["return readU32(record, 4) === recordCheck(record);", "return true;"]],
  },
  {
    what: "the older page wins",
    file: FILE,
    swaps: [
      ["this._page = second > first ? 1 : 0;", "this._page = first > 0 && first < second ? 0 : second > 0 ? 1 : 0;"],
    ],
  },
  { what: "torn bytes are written over", file: FILE, swaps: [["if (!isBlank(buffer, 0, limit)) return false;", ""]] },
  {
    what: "the page in use is erased",
    file: FILE,
    swaps: [["    region.erasePage(page);\n", "    region.erasePage(page);\n    region.erasePage(this._page);\n"]],
  },
  {
    what: "a move forgets a key",
    file: FILE,
    swaps: [
      ["this._lengths[k] === 0 || k === key) continue", "this._lengths[k] === 0 || k === key || k === 3) continue"],
    ],
  },
];

describe("the settings under power cuts", () => {
  it.each(settingsScenarios())("$name: no cut, no second cut changes what was set", (scenario) => {
    const result = explore(settingsSubject(scenario), { variety: 1, firstEvery: 5, secondEvery: 23 });
    expect(result.violations.slice(0, 3)).toEqual([]);
    expect(result.firstCuts).toBeGreaterThan(1000);
    expect(result.secondCuts).toBeGreaterThan(300);
  });

  it.each(FAULTS)("the harness notices that $what", async (fault) => {
    const { openSettings } = (await loadBroken(fault, "settings/flash-settings")) as {
      openSettings: (region: FlashRegion) => Settings;
    };
    const subject = settingsSubject(settingsScenarios()[0]!, openSettings);
    let found = Infinity;
    try {
      found = explore(subject, { variety: 1, firstEvery: 3, secondEvery: 0, stopAtFirst: true }).violations.length;
    } catch {
      // The broken settings could not even run the scenario.
    }
    expect(found).toBeGreaterThan(0);
  });
});
