import { describe, expect, it } from "vitest";
import type { FlashOutboxOptions } from "../../lib/outbox/flash-outbox.js";
import type { Outbox } from "../../lib/outbox/outbox.js";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import { outboxScenarios, outboxSubject } from "../../scripts/simulate/powercut/outbox-subject.js";
import type { Fault } from "./broken-copy.js";
import { loadBroken } from "./broken-copy.js";

/** The classes of a broken copy. */
interface Broken {
  FlashPages: new (region: object) => object;
  FlashSettings: new (pages: object) => object;
  FlashOutbox: new (pages: object, settings: object, options: FlashOutboxOptions) => Outbox;
}

const LOG = "flash/flash-log.ts";
const PAGES = "flash/flash-pages.ts";
const RING = "outbox/flash-ring.ts";

const NONE: Fault = { what: "nothing", file: RING, swaps: [] };

const FAULTS: Fault[] = [
  {
    what: "order: the page is erased before the flash knows what goes with it",
    file: RING,
    swaps: [
      [
        "    return this._persist();\n  }\n\n  private _openPage",
        "    return ErrorCode.OK;\n  }\n\n  private _openPage",
      ],
      ["    this._log._erase();\n", "    this._log._erase();\n    this._persist();\n"],
    ],
  },
  {
    what: "order: the head is written before the erase",
    file: RING,
    swaps: [
      ["    this._log._erase();\n", ""],
      [
        "this._incarnation, sequence, this._taken);\n",
        "this._incarnation, sequence, this._taken);\n    this._log._serial--;\n    this._log._erase();\n" +
          "    this._log._serial++;\n    this._log._at = Format.PAGE_HEAD_BYTES;\n",
      ],
    ],
  },
  {
    what: "order: a page does not know its place in the sequence",
    file: LOG,
    swaps: [["writeU32(bytes, 8, first)", "writeU32(bytes, 8, 0)"]],
  },
  {
    what: "order: the sequence goes on from the page's head, not from its last record",
    file: RING,
    swaps: [["      this._next = sequence + 1;\n", ""]],
  },
  { what: "CRC: any record passes", file: LOG, swaps: [["& 0xffffff)) {", "& 0)) {"]] },
  { what: "CRC: any page head passes", file: LOG, swaps: [["=== this._kind ?", "!== -1 ?"]] },
  { what: "mark: none is written", file: RING, swaps: [["if (mark[Mark.GONE] !== gone) this._persist();", ""]] },
  { what: "mark: none is believed", file: RING, swaps: [["mark[i] = readU32(saved, i * 4)", "mark[i] = 0"]] },
  {
    what: "mark: it lies on the next record",
    file: RING,
    swaps: [["mark[Mark.AT] = log._passedAt;", "mark[Mark.AT] = log._passedAt + 1;"]],
  },
  { what: "mark: its page stays the same", file: RING, swaps: [["mark[Mark.SERIAL] = log._passedSerial;", ""]] },
  { what: "mark: its place stays the same", file: RING, swaps: [["mark[Mark.AT] = log._passedAt;", ""]] },
  {
    what: "reclaim: evictions are not kept",
    file: RING,
    swaps: [["mark[Mark.EVICTED]! += waiting;", ""]],
  },
  {
    what: "reclaim: what is gone is not kept before the erase",
    file: RING,
    swaps: [
      [
        "    return this._persist();\n  }\n\n  private _openPage",
        "    return ErrorCode.OK;\n  }\n\n  private _openPage",
      ],
    ],
  },
  {
    what: "reclaim: a page does not know how many records came before",
    file: LOG,
    swaps: [["writeU32(bytes, 12, before)", "writeU32(bytes, 12, 0)"]],
  },
  {
    what: "reclaim: the wrong page is erased",
    file: LOG,
    swaps: [["_erase(this._page(this._serial + 1))", "_erase(this._page(this._serial + 2))"]],
  },
  {
    what: "reclaim: the page is not erased",
    file: LOG,
    swaps: [["    this._pages._erase(this._page(this._serial + 1));\n", ""]],
  },
  {
    what: "recovery: torn bytes are written over",
    file: LOG,
    swaps: [["if (blank === room) break;", "break;"]],
  },
  {
    what: "recovery: only the head of a torn record is looked for",
    file: LOG,
    swaps: [["if (blank === room) break;", "if (blank >= Format.FRAME_HEAD_BYTES) break;"]],
  },
  {
    what: "write: the word that a record shares with the one before is cleared",
    file: LOG,
    swaps: [["bytes.fill(255, 0, size + 3)", "bytes.fill(0, 0, start), bytes.fill(255, start, size + 3)"]],
  },
  {
    what: "read: what the buffer holds is not read again after a write",
    file: PAGES,
    swaps: [["    this._from = Infinity;\n    this._region.write", "    this._region.write"]],
  },
];

async function violations(fault: Fault): Promise<number> {
  const { FlashPages, FlashSettings, FlashOutbox } = (await loadBroken(fault, [
    "flash/flash-pages",
    "settings/flash-settings",
    "outbox/flash-outbox",
  ])) as unknown as Broken;
  const subject = outboxSubject(outboxScenarios()[0]!, (region, options) => {
    const pages = new FlashPages(region);
    return new FlashOutbox(pages, new FlashSettings(pages), options);
  });
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
