import { describe, expect, it } from "vitest";
import { deviceList } from "../../../scripts/fleet/show/device-list.js";
import { progressText, reasonText, stateText } from "../../../scripts/fleet/show/update-text.js";
import { deviceUpdatesTable } from "../../../scripts/fleet/show/updates-table.js";
import type { DeviceUpdate } from "../../../scripts/fleet/store/update-store.js";

function update(part: Partial<DeviceUpdate>): DeviceUpdate {
  const times = { publishedAt: 0, changedAt: 0 };
  const progress = { state: 0, reason: 0, done: 0, total: 0, retained: false };
  return {
    device: "dev1",
    sequence: 5,
    kind: "model",
    companion: 0,
    phase: "open",
    board: null,
    ...times,
    ...progress,
    ...part,
  };
}

describe("updates for people", () => {
  it.each<[string, Partial<DeviceUpdate>]>([
    ["published", {}],
    ["offered", { retained: true }],
    ["fetching 40 %", { state: 1, done: 4100, total: 10_240 }],
    ["fetching 100 %", { state: 1, done: 4e9, total: 1 }],
    ["fetching", { state: 1 }],
    ["staged", { state: 2, phase: "fetched" }],
    ["on trial 3 of 10", { state: 3, phase: "fetched", done: 3, total: 10 }],
    ["on trial", { state: 3, phase: "fetched" }],
    ["confirmed", { state: 4, phase: "over" }],
    ["rolled back", { state: 6, phase: "over" }],
    ["state 9", { state: 9 }],
    ["withdrawn", { state: 1, phase: "withdrawn" }],
    ["superseded", { state: 1, phase: "superseded" }],
  ])("are %s", (text, part) => {
    expect(progressText(update(part))).toBe(text);
  });

  it("have the text of a reason, and the number of one that this release does not know", () => {
    expect(reasonText(0)).toBe("");
    expect(reasonText(607)).toBe("UPDATE_WRONG_BOARD (607): An update is for other boards.");
    expect(reasonText(4_000_000_000)).toBe("error 4000000000");
    expect(stateText(255)).toBe("state 255");
  });

  it("are shown by device: what is under way, or the last", () => {
    const rows = [
      update({ sequence: 1, phase: "over", state: 4 }),
      update({ sequence: 2, phase: "fetched", state: 3 }),
      update({ sequence: 3, phase: "superseded" }),
      update({ sequence: 4 }),
      update({ device: "dev2", sequence: 1, phase: "over", state: 6, reason: 209 }),
      update({ device: "dev2", sequence: 2, phase: "withdrawn" }),
    ];
    const shown = deviceUpdatesTable(rows).trimEnd().split("\n").slice(1);
    expect(shown.map((line) => line.split(/ {2,}/).slice(0, 4).join(" "))).toEqual([
      "dev1 2 model on trial",
      "dev1 4 model published",
      "dev2 2 model withdrawn",
    ]);
  });

  it("name some devices of many", () => {
    expect(deviceList(["a", "b"])).toBe("a, b");
    expect(deviceList(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d, e and 2 more");
  });
});
