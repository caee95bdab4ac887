import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseCsv } from "../../../scripts/simulate/readings/csv.js";
import { readReplay } from "../../../scripts/simulate/readings/replay.js";
import { shared, sharedPath } from "../../support/shared.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, text);
  return path;
}

describe("replay of recorded readings", () => {
  it("reads quoted fields, line ends of all kinds and a missing last one", () => {
    const table = parseCsv('\uFEFFa,"b ""x"", c"\r\n1,"2\n3"\n\n4,5');
    expect(table.header).toEqual(["a", 'b "x", c']);
    expect(table.rows.map(({ cells }) => cells)).toEqual([
      ["1", "2\n3"],
      ["4", "5"],
    ]);
    expect(table.rows[1]!.line).toBe(5);
  });

  it("drops a row number that has no heading", () => {
    expect(parseCsv('"date","v"\n"1","2015-02-02",3\n"2","2015-02-03",4\n').rows[0]!.cells).toEqual([
      "2015-02-02",
      "3",
    ]);
  });

  it("holds a value until the next row, and has none before, after and where a cell is empty", () => {
    const replay = readReplay(
      file("time,t,h\n2026-01-01 00:00:00,1,9\n2026-01-01T00:01:00,2,\n2026-01-01 00:02:00Z,3,7\n"),
    );
    const at = (sec: number, channel = "t"): number | undefined =>
      replay.read(channel, Date.UTC(2026, 0, 1) + sec * 1000);
    expect([at(-1), at(0), at(59), at(60), at(120), at(121)]).toEqual([undefined, 1, 1, 2, 3, undefined]);
    expect([at(30, "h"), at(60, "h")]).toEqual([9, undefined]);
    expect(replay.durationMs).toBe(120_000);
  });

  it("takes seconds for time, and other columns for channels", () => {
    const replay = readReplay(file("seconds;Temp\n0;1.5\n10;2.5\n"), new Map([["t", "Temp"]]));
    expect(replay.read("t", 10_000)).toBe(2.5);
  });

  it.each([
    ["time,t\n", "REPLAY_INVALID"],
    ["a,b\n1,2\n", "REPLAY_INVALID"],
    ["time,t\n2026-01-01,1\n2026-01-01,1,2\n2026-01-02,3\n", "REPLAY_INVALID"],
    ["time,t\n2026-01-02,1\n2026-01-01,1\n", "REPLAY_INVALID"],
    ["time,t\nyesterday,1\n", "REPLAY_INVALID"],
    ["time,t\n2026-01-01,warm\n", "REPLAY_INVALID"],
    ["time,x\n2026-01-01,1\n", "REPLAY_CHANNEL_MISSING"],
  ])("refuses %j with %s", (text, code) => {
    expect(() => readReplay(file(text)).read("t", Date.UTC(2026, 0, 1))).toThrow(expect.objectContaining({ code }));
  });

  it("refuses a missing file and a mapped column that is not there", () => {
    expect(() => readReplay(join(folder, "none.csv"))).toThrow(expect.objectContaining({ code: "FILE_MISSING" }));
    expect(() => readReplay(file("time,t\n0,1\n"), new Map([["t", "T"]]))).toThrow(
      expect.objectContaining({ code: "REPLAY_CHANNEL_MISSING" }),
    );
  });

  describe.skipIf(!shared)("room sensors (needs ../shared)", () => {
    it("reads the occupancy recording, whose rows are longer than its header", () => {
      const replay = readReplay(sharedPath("data", "occupancy", "datatest.txt"));
      expect(replay.startMs).toBe(Date.UTC(2015, 1, 2, 14, 19));
      expect(replay.rows).toBe(2665);
      expect(replay.read("CO2", replay.startMs + 61_000)).toBe(760.4);
      expect(replay.read("Occupancy", replay.startMs)).toBe(1);
    });
  });
});
