import { describe, expect, it } from "vitest";
import type { FlashRegion } from "../../lib/hal/flash-region.js";
import type { FlashOutboxOptions } from "../../lib/outbox/flash-outbox.js";
import type { Outbox } from "../../lib/outbox/outbox.js";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import { outboxScenarios, outboxSubject } from "../../scripts/simulate/powercut/outbox-subject.js";
import type { Fault } from "./broken-copy.js";
import { loadBroken } from "./broken-copy.js";

type OutboxClass = new (region: FlashRegion, options: FlashOutboxOptions) => Outbox;

const RING = "outbox/ring-operations.ts";
const RECOVERY = "outbox/ring-recovery.ts";
const FORMAT = "outbox/flash-format.ts";
const LOG = "outbox/ring.ts";

const NONE: Fault = { what: "nothing", file: RING, swaps: [] };

const FAULTS: Fault[] = [
  {
    what: "order: the page is erased before the flash knows what goes with it",
    file: RING,
    swaps: [
      ["    if (ring._persistedGone < kept) writeSlot(ring);\n", ""],
      [
        "  sectors._erase(ring._pageIndex(serial));\n",
        "  sectors._erase(ring._pageIndex(serial));\n" +
          "  if (victim > 0 && ring._persistedGone < ring._gone) writeSlot(ring);\n",
      ],
    ],
  },
  {
    what: "order: a sector does not know its place in the sequence",
    file: RING,
    swaps: [["sectorWord(sequence - head[Head.FIRST_SEQUENCE]!,", "sectorWord(0,"]],
  },
  {
    what: "order: records of a sector come without the gaps that the other class left",
    file: RING,
    swaps: [["} else if (gap > 0) {", "} else if (gap < 0) {"]],
  },
  {
    what: "order: marks are set newest first",
    file: RING,
    swaps: [
      ["  if (!isMarked(word)) ring._sectors._mark(page + head._at);\n", ""],
      [
        "  const last = Math.floor(head._at / SECTOR_BYTES);\n",
        "  const last = Math.floor(head._at / SECTOR_BYTES);\n  ring._sectors._mark(page + head._at);\n",
      ],
      [
        "sector = firstSerial === head._serial ? firstSector : 0; sector < last; sector++",
        "sector = last - 1; sector >= 0; sector--",
      ],
    ],
  },
  { what: "CRC: any record passes", file: LOG, swaps: [["& 0x0fffffff) === 0) {", "& 0) === 0) {"]] },
  {
    what: "CRC: any page head passes",
    file: LOG,
    swaps: [[" || words[Head.CHECK] !== crc32(this._sectors._bytes, 0, 28, 0)", ""]],
  },
  {
    what: "CRC: any slot passes",
    file: RECOVERY,
    swaps: [["words[i * 3 + 2] !== slotCheck(bytes, at, ring._serial)", "false"]],
  },
  { what: "mark: none is written", file: RING, swaps: [["if (!isMarked(word)) ring", "if (isMarked(word)) ring"]] },
  { what: "mark: none is believed", file: FORMAT, swaps: [["& 1) === 0", "& 1) === 2"]] },
  {
    what: "mark: it lies on the next record",
    file: RING,
    swaps: [["mark(page + head._at)", "mark(page + head._at + head._step)"]],
  },
  {
    what: "mark: sectors that are passed stay unmarked",
    file: RING,
    swaps: [["sector < last; sector++", "sector < 0; sector++"]],
  },
  {
    what: "mark: pages that are passed stay unmarked",
    file: RING,
    swaps: [["serial < head._serial; serial++", "serial < 0; serial++"]],
  },
  { what: "reclaim: evictions are not kept", file: RING, swaps: [["  head[Head.EVICTED] = ring._evicted;\n", ""]] },
  {
    what: "reclaim: what is gone is not kept before the erase",
    file: RING,
    swaps: [["if (ring._persistedGone < kept) writeSlot(ring);", ""]],
  },
  {
    what: "reclaim: the wrong page is erased",
    file: RING,
    swaps: [["erase(ring._pageIndex(serial))", "erase(ring._pageIndex(serial + 1))"]],
  },
  {
    what: "reclaim: the page is not erased",
    file: RING,
    swaps: [["  sectors._erase(ring._pageIndex(serial));\n", ""]],
  },
  {
    what: "recovery: torn bytes are written over",
    file: RECOVERY,
    swaps: [["sound = isBlank(bytes, end - start, ring._sectorEnd(start) - start);", "sound = true;"]],
  },
  {
    what: "recovery: a torn sector without a head is used",
    file: RECOVERY,
    swaps: [["if (isBlank(bytes, first - start, ring._sectorEnd(start) - start)) break;", "break;"]],
  },
  {
    what: "recovery: the slots are not read",
    file: RECOVERY,
    swaps: [["    ring._head[Head.GONE] = words[i * 3]!;\n    ring._head[Head.EVICTED] = words[i * 3 + 1]!;\n", ""]],
  },
];

async function violations(fault: Fault): Promise<number> {
  const { FlashOutbox } = (await loadBroken(fault, "outbox/flash-outbox")) as { FlashOutbox: OutboxClass };
  const scenario = outboxScenarios()[0]!;
  const subject = outboxSubject(scenario, (region, options) => new FlashOutbox(region, options));
  try {
    return explore(subject, { variety: 2, firstEvery: fault === NONE ? 9 : 3, secondEvery: 101, stopAtFirst: true })
      .violations.length;
  } catch {
    // The broken outbox could not even run the scenario.
    return Infinity;
  }
}

describe("the power-cut harness", () => {
  it("finds nothing in a faithful copy", async () => {
    expect(await violations(NONE)).toBe(0);
  });

  it.each(FAULTS)("notices $what", async (fault) => {
    expect(await violations(fault)).toBeGreaterThan(0);
  });
});
