import { describe, expect, it } from "vitest";
import type { Settings } from "../../lib/settings/settings.js";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import { settingsScenarios, settingsSubject } from "../../scripts/simulate/powercut/settings-subject.js";
import type { Fault } from "./broken-copy.js";
import { loadBroken } from "./broken-copy.js";

/** The classes of a broken copy. */
interface Broken {
  FlashPages: new (region: object) => object;
  FlashSettings: new (pages: object) => Settings;
}

const SETTINGS = "settings/flash-settings.ts";
const LOG = "flash/flash-log.ts";

const FAULTS: Fault[] = [
  {
    what: "the page's head is written before what it vouches for",
    file: SETTINGS,
    swaps: [
      ["    log._erase();\n", "    log._erase();\n    log._begin(at, 0, 0, 0);\n"],
      ["log._put(log._serial + 1,", "log._put(log._serial,"],
      ["    log._begin(at, 0, 0, 0);\n  }\n", "    log._at = at;\n  }\n"],
    ],
  },
  { what: "any value passes", file: LOG, swaps: [["& 0xffffff)) {", "& 0)) {"]] },
  {
    what: "the older page wins",
    file: LOG,
    swaps: [["if (serial > this._serial) this", "if (serial > 0 && !(serial > this._serial && this._serial)) this"]],
  },
  {
    what: "torn bytes are written over",
    file: LOG,
    swaps: [
      ["if (blank === room) break;", "break;"],
      ["pages._damage = this._kind;\n          if (size", "if (size"],
    ],
  },
  {
    what: "the page in use is erased",
    file: SETTINGS,
    swaps: [
      ["    log._erase();\n", "    log._erase();\n    log._pages._erase((log._serial % 2) * log._pages._pageBytes);\n"],
    ],
  },
  {
    what: "a move forgets a key",
    file: SETTINGS,
    swaps: [["if (!value.length) continue;", "if (key === 3) continue;"]],
  },
  {
    what: "a move keeps the value from before",
    file: SETTINGS,
    swaps: [
      [
        "      else this._move();\n",
        "      else {\n        this._values[key] = old;\n        this._move();\n        this._values[key] = value;\n      }\n",
      ],
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
    const { FlashPages, FlashSettings } = (await loadBroken(fault, [
      "flash/flash-pages",
      "settings/flash-settings",
    ])) as unknown as Broken;
    const subject = settingsSubject(settingsScenarios()[0]!, (region) => new FlashSettings(new FlashPages(region)));
    let found = Infinity;
    try {
      found = explore(subject, { variety: 1, firstEvery: 3, secondEvery: 0, stopAtFirst: true }).violations.length;
    } catch {
      // The broken settings could not even run the scenario.
    }
    expect(found).toBeGreaterThan(0);
  });
});
