import { describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { accountEnergy } from "../../../scripts/simulate/energy/account.js";
import { estimateBattery } from "../../../scripts/simulate/energy/battery-life.js";
import { MARK, readLine } from "../../../scripts/simulate/espruino/marked-line.js";
import { LineView } from "../../../scripts/simulate/show/line-view.js";
import { LinkHistory } from "../../../scripts/simulate/show/link-history.js";
import { LiveView } from "../../../scripts/simulate/show/live-view.js";
import { type Summary, summaryText } from "../../../scripts/simulate/show/summary.js";
import { runTime } from "../../../scripts/simulate/show/view.js";
import type { Tally } from "../../../scripts/simulate/tally.js";

const tally: Tally = {
  missed: 0,
  failedReads: 0,
  maxLateMs: 0,
  samples: 10,
  inferences: 5,
  reported: 4,
  delivered: 3,
  duplicates: 2,
  conflicts: 0,
  waiting: 1,
  evicted: 0,
  lost: 0,
  crashes: 0,
  boots: 1,
  powerCuts: 0,
  bytesUp: 1000,
  bytesDown: 500,
};

const NO_TIME = { off: 0, sleep: 0, boot: 0, sense: 0, infer: 0, awake: 0, radio: 0 };

describe("what a run shows", () => {
  it("draws each column of the link's bar as the worst of its time, and nothing for the future", () => {
    const history = new LinkHistory("up");
    history.change(25, "down");
    history.change(35, "flaky");
    history.change(50, "up");
    expect(history.bar(10, 75, 100)).toBe("██··▒███  ");
    expect(history.part("down", 100)).toBeCloseTo(0.1);
  });

  it("writes a line for every six hours", () => {
    const lines: string[] = [];
    const view = new LineView((line) => lines.push(line));
    const hour = 3_600_000;
    for (const at of [1, 5.9, 6, 6.1, 13, 18.5, 19]) {
      view.show({ nowMs: at * hour, endMs: 24 * hour, tally, links: [{ device: "d1", state: "down" }], last: "" });
    }
    expect(lines.map((line) => line.slice(0, 11))).toEqual(["day 1 06:00", "day 1 13:00", "day 1 18:30"]);
    expect(lines[0]).toContain("link down");
    expect(runTime(25.5 * hour)).toBe("day 2 01:30");
  });

  it.each([40, 80, 120])(
    "keeps to a terminal of %i columns, where a broken line would spoil the next picture",
    (columns) => {
      const written: string[] = [];
      const stream = { columns, write: (text: string) => written.push(text) };
      const view = new LiveView(stream as unknown as NodeJS.WriteStream);
      view.linkChanged("d1", 0, "up");
      view.end({ nowMs: 50, endMs: 100, tally, links: [{ device: "d1", state: "down" }], last: "long ".repeat(40) });
      const lines = written.join("").split("\n");
      for (const line of lines) expect(line.length).toBeLessThan(columns);
      expect(lines[2]).toMatch(/d1 +█+ +down$/);
    },
  );

  it("states its assumptions in the summary", () => {
    const summary: Summary = {
      ...tally,
      application: "a",
      board: "esp32",
      engine: "quickjs",
      seed: 3,
      link: "rural",
      devices: 1,
      days: 4,
      readings: "r",
      wallMs: 1500,
      rawBytes: 3000,
      storageBytes: 100,
      freePagesUsed: 3,
      freePages: 16,
      jsVars: 4000,
      jsVarsTotal: 16383,
      jsVarsMeasured: false,
      storeFile: "x.sqlite",
      traceHash: "",
      energy: accountEnergy(esp32, { ms: { ...NO_TIME, sleep: 3_600_000, radio: 60_000 }, samples: 1, bytesUp: 9 }, []),
      battery: estimateBattery(2600, 0.1),
    };
    const text = summaryText(summary);
    expect(text).toMatch(/1500 bytes of TCP payload .*\n +50 % of 3000 bytes of raw readings/);
    expect(text).toMatch(/JsVars +4000 of 16383 \(estimate/);
    expect(text).toMatch(/flash used +100 bytes of Storage, 3 of 16 free pages/);
    expect(text).toMatch(/still waiting +1/);
    expect(text).toMatch(/sleep +1.000 +0.010 +0.0100\n/);
    expect(text).toMatch(/on average .* days from a battery of 2600 mAh/);
    expect(text).toContain("npx --no-install sertao fleet results --store x.sqlite");
    for (const line of text.split("\n")) expect(line.length).toBeLessThan(80);
    expect(summaryText({ ...summary, jsVarsMeasured: true })).toContain("(measured)");
  });

  it("reads the engine's marked lines among its prompts", () => {
    expect(readLine(`>\x1b[J${MARK}observe sample 12\r`)).toEqual({ kind: "observe", name: "sample", value: 12 });
    expect(readLine(`${MARK}memory 900 16383`)).toEqual({ kind: "memory", used: 900, total: 16383 });
    expect(readLine(">\x1b[JUncaught Error: x\r")).toEqual({ kind: "uncaught", text: "Error: x" });
    expect(readLine("link E309")).toEqual({ kind: "printed", line: "link E309" });
  });
});
