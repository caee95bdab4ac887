import { describe, expect, it } from "vitest";
import { type DeviceWithClocks, devicesTable, remarks } from "../../../scripts/fleet/show/devices-text.js";
import { resultsTable } from "../../../scripts/fleet/show/results-text.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import type { ClockRow, ResultRow } from "../../../scripts/fleet/store/store.js";
import { results } from "../../contract/store.js";

const T0 = Date.UTC(2026, 2, 1, 12);

async function oneResult(part: Partial<ResultRow>): Promise<ResultRow> {
  const store = SqliteStore.open(":memory:");
  await store.commit([results([1])]);
  const [row] = await store.results({});
  await store.close();
  return { ...row!, ...part };
}

async function oneDevice(...clocks: Partial<ClockRow>[]): Promise<DeviceWithClocks> {
  const store = SqliteStore.open(":memory:");
  await store.commit([results([1])]);
  const [row] = await store.devices();
  await store.close();
  const fine: ClockRow = {
    incarnation: 7,
    epoch: 4,
    jumps: [],
    driftPpm: 30,
    driftBoundPpm: 60,
    drifts: false,
    contradictionMs: 0,
  };
  return { ...row!, tags: [], clocks: clocks.map((clock) => ({ ...fine, ...clock })) };
}

describe("results for people", () => {
  it.each<[string, Partial<ResultRow>, RegExp]>([
    [
      "the middle of what is possible, and how far off it can be",
      { at: T0 + 1500, earliest: T0 - 1500 },
      /^2026-03-01T12:00:00Z +2 s +dev1/m,
    ],
    ["nothing but the latest", { at: T0, earliest: null }, /^2026-03-01T12:00:00Z +or earlier +dev1/m],
    ["bounds that cross", { at: T0, earliest: T0 + 1 }, /^2026-03-01T12:00:00Z +\(clocks disagree\) +dev1/m],
    [
      "a time of the device's own",
      { at: T0, earliest: T0, synchronised: true },
      /^2026-03-01T12:00:00Z +\(device clock\) +dev1/m,
    ],
  ])("have a time: %s", async (_name, part, line) => {
    expect(resultsTable([await oneResult(part)])).toMatch(line);
  });
});

describe("devices for people", () => {
  it("say nothing of clocks that run as clocks do", async () => {
    expect(remarks(await oneDevice({}))).toEqual([]);
  });

  it("name a clock that jumped, drifts or contradicts itself", async () => {
    const jumps = [
      { at: T0, byMs: 3_600_000 },
      { at: T0 + 9e6, byMs: -90_000 },
    ];
    const device = await oneDevice(
      { jumps },
      { epoch: 5, drifts: true, driftPpm: -512.3, driftBoundPpm: 40.2 },
      { epoch: 6, contradictionMs: 75_000 },
    );
    expect(remarks(device)).toEqual([
      "dev1: its clock jumped forward by 1 h before 2026-03-01T12:00:00Z (epoch 4).\n",
      "dev1: its clock jumped back by 1 min 30 s before 2026-03-01T14:30:00Z (epoch 4).\n",
      "dev1: its clock runs slow by 512 ± 41 ppm, 44 s a day (epoch 5).\n",
      "dev1: what bounds the beginning of epoch 6 contradicts itself by 1 min 15 s: a clock was moved.\n",
    ]);
    expect(devicesTable([device])).toMatch(/512 ± 41 ppm/);
  });
});
